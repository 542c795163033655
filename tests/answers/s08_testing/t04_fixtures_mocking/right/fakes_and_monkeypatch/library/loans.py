"""Loans, and the book in which they are written down."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Loan:
    """A book that a reader has, or had."""

    number: int
    book: str
    reader: str
    due: date
    returned: bool = False


def overdue(loans: Iterable[Loan], today: date) -> list[Loan]:
    """Give the loans whose day has passed and that are not back, the longest overdue first."""
    late = [loan for loan in loans if loan.due < today and not loan.returned]
    return sorted(late, key=lambda loan: loan.due)


def most_loans() -> int:
    """Give the number of books that a reader may have, from LIBRARY_MOST_LOANS, else 3."""
    return int(os.environ.get("LIBRARY_MOST_LOANS", "3"))


class LoanBook:
    """Who has which books."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str]] = []

    def add(self, book: str, reader: str) -> None:
        """Write down that a reader has a book."""
        self._entries.append((book, reader))

    def books_of(self, reader: str) -> list[str]:
        """List the books that a reader has."""
        return [book for book, borrower in self._entries if borrower == reader]
