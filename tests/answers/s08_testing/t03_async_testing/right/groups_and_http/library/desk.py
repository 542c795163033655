"""What is done at the desk: lend a copy, take one back."""

from library.store import Store


class UnknownBook(Exception):
    """Say that the library does not have a book."""


class NoCopyLeft(Exception):
    """Say that all copies of a book are lent."""


async def lend(store: Store, book: str, reader: str) -> None:
    """Lend a copy to a reader; UnknownBook or NoCopyLeft where that cannot be."""
    async with store.lock:
        copies = await store.copies(book)
        if copies is None:
            raise UnknownBook(book)
        if copies == 0:
            raise NoCopyLeft(book)
        await store.set_copies(book, copies - 1)
        await store.add_loan(book, reader)


async def take_back(store: Store, book: str) -> int:
    """Put a copy back on the shelf, and tell how many stand there now; or UnknownBook."""
    async with store.lock:
        before = await store.copies(book)
        if before is None:
            raise UnknownBook(book)
        now: int = before + 1
        await store.set_copies(book, now)
    return now
