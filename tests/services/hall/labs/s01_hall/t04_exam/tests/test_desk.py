"""Tests of the desk. They would meet what another copy of the app has left, if it were there."""

from library import run


# region test_desk: The first reader is number 1 and the only one.
def test_first() -> None:
    raise NotImplementedError


# endregion
