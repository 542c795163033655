"""Copies and loans, as a database keeps them."""

import asyncio
from collections.abc import Mapping


class Store:
    """Copies on the shelf, and who has borrowed what.

    Each call waits, as for a database, and meanwhile other requests go on. `lock` is for those who
    read and then write what depends on it.
    """

    def __init__(self, copies: Mapping[str, int]) -> None:
        self.lock = asyncio.Lock()
        self._copies = dict(copies)
        self._loans: list[tuple[str, str]] = []

    async def copies(self, book: str) -> int | None:
        """Give the copies of a book that are on the shelf; None if there is no such book."""
        await asyncio.sleep(0)
        return self._copies.get(book)

    async def set_copies(self, book: str, copies: int) -> None:
        """Write down how many copies of a book are on the shelf."""
        await asyncio.sleep(0)
        self._copies[book] = copies

    async def add_loan(self, book: str, reader: str) -> None:
        """Write down that a reader has a copy of a book."""
        await asyncio.sleep(0)
        self._loans.append((book, reader))

    async def loans_of(self, reader: str) -> list[str]:
        """List the books that a reader has."""
        await asyncio.sleep(0)
        return [book for book, borrower in self._loans if borrower == reader]
