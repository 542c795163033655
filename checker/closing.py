"""Things that are closed at the end of a `with` block."""

from typing import Self


class Closing:
    """A context manager that gives itself and ends by `close`."""

    def close(self) -> None:
        """Give back what is held; a second time does nothing."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
