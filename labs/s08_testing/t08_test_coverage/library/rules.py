"""The rules of the library."""

from enum import StrEnum
from typing import assert_never


class Kind(StrEnum):
    """What can be borrowed."""

    BOOK = "book"
    FILM = "film"


def days_of(kind: Kind) -> int:
    """Give the days that a loan lasts."""
    match kind:
        case Kind.BOOK:
            return 28
        case Kind.FILM:
            return 7
    assert_never(kind)


def fine(days_late: int) -> int:
    """Give the fine in cents: three days are free, each further day costs 10, at most 500."""
    return min(10 * max(days_late - 3, 0), 500)
