"""The rules of the library."""

from datetime import date, timedelta
from enum import StrEnum

MOST_LOANS = 3


class Kind(StrEnum):
    """What can be borrowed."""

    BOOK = "book"
    FILM = "film"
    MAGAZINE = "magazine"


DAYS = {Kind.BOOK: 28, Kind.FILM: 7, Kind.MAGAZINE: 14}


class LoanRefused(Exception):
    """Say why a reader may not borrow."""


def due_date(kind: Kind, lent: date) -> date:
    """Give the day on which a loan is due: after 28, 7 or 14 days, on Sundays a day later."""
    due = lent + timedelta(days=DAYS[kind])
    return due + timedelta(days=1) if due.isoweekday() == 7 else due


def fine(days_late: int) -> float:
    """Give the fine in euros: three days are free, each further day costs 0.10, at most 5.00."""
    return min(0.10 * max(days_late - 3, 0), 5.00)


def average(stars: list[int]) -> float | None:
    """Give the average of some stars, rounded to one decimal, or None where there are none."""
    return round(sum(stars) / len(stars), 1) if stars else None


def admit(loans: int, owed: float = 0.0) -> None:
    """Let a reader borrow; LoanRefused when they have three loans, or owe anything."""
    if loans >= MOST_LOANS:
        raise LoanRefused("Three loans at a time.")
    if owed > 0:
        raise LoanRefused("Pay your fine first.")
