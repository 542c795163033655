"""Read untyped data of ours (TOML, YAML) with errors that name the file and the key."""

from collections.abc import Collection, Mapping
from typing import NoReturn

from checker.errors import CurriculumError


class Fields:
    """One mapping of a file, read key by key.

    Args:
        where: the file as the reader knows it, `curriculum/s01_fundamentals/t01_setup.md`.
        data: the mapping; anything else is an error.
        prefix: the key that leads to it, `tasks[0]`; empty at the top.
        known: the keys it may have; None when any key may appear.

    """

    def __init__(
        self, where: str, data: object, prefix: str = "", known: Collection[str] | None = None
    ) -> None:
        self.where = where
        self.prefix = prefix
        if not isinstance(data, Mapping):
            self.fail("", f"must be a mapping, not {_kind(data)}")
        self.data: Mapping[object, object] = data
        for key in self.data:
            if known is not None and key not in known:
                self.fail(str(key), f"unknown key; known here: {', '.join(sorted(known))}")

    def fail(self, key: str, problem: str) -> NoReturn:
        """Raise a CurriculumError that names the file and the key."""
        path = ".".join(part for part in (self.prefix, key) if part) or "top level"
        raise CurriculumError(f"{self.where}: {path}: {problem}", f"Correct {self.where}.")

    def text(self, key: str, default: str | None = None) -> str:
        """Give a string that is not blank."""
        value = self.data.get(key, default)
        if value is None:
            self.fail(key, "is missing")
        if not isinstance(value, str) or (not value.strip() and value != default):
            self.fail(key, f"must be text, not {_kind(value)}")
        return value.strip()

    def number(self, key: str, default: float) -> float:
        """Give a positive number."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self.fail(key, f"must be a positive number, not {value!r}")
        return value

    def integer(self, key: str, default: int) -> int:
        """Give a positive whole number."""
        value = self.number(key, default)
        if not isinstance(value, int):
            self.fail(key, f"must be a whole number, not {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of strings, empty when the key is absent."""
        values = self.items(key)
        for place, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.fail(f"{key}[{place}]", f"must be text, not {_kind(value)}")
        return tuple(str(value).strip() for value in values)

    def items(self, key: str) -> list[object]:
        """Give a list, empty when the key is absent."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, f"must be a list, not {_kind(value)}")
        return value

    def mapping(self, key: str) -> dict[str, str]:
        """Give a mapping from text to text, empty when the key is absent."""
        value = self.data.get(key) or {}
        if not isinstance(value, Mapping):
            self.fail(key, f"must be a mapping, not {_kind(value)}")
        for name, entry in value.items():
            if not isinstance(name, str) or not isinstance(entry, str):
                self.fail(f"{key}.{name}", f"must be text, not {_kind(entry)}; quote it")
        return dict(value)

    def child(self, key: str, known: Collection[str]) -> "Fields":
        """Give the mapping below a key, an empty one when the key is absent."""
        return Fields(self.where, self.data.get(key) or {}, self._below(key), known)

    def children(self, key: str, known: Collection[str]) -> list["Fields"]:
        """Give the mappings of the list below a key."""
        return [
            Fields(self.where, item, self._below(f"{key}[{place}]"), known)
            for place, item in enumerate(self.items(key))
        ]

    def _below(self, key: str) -> str:
        return f"{self.prefix}.{key}" if self.prefix else key


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", type(None): "nothing"}
    return names.get(type(value), f"{value!r}")
