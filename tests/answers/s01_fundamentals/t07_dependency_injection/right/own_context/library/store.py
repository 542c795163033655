"""The library's store, kept in memory. A session must be committed or rolled back, and closed.

Every session writes into the ledger what becomes of it. Leave this file alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from pydantic import BaseModel


class Book(BaseModel):
    """A book on the shelf; one under repair must not be lent."""

    id: int
    title: str
    under_repair: bool = False


class Reader(BaseModel):
    """A reader, known by the number on the library card."""

    card: str
    name: str
    librarian: bool = False


class Loan(BaseModel):
    """A book in the hands of a reader."""

    book_id: int
    card: str


class CommitRefusedError(Exception):
    """Say that the store does not accept the changes of a session."""


TITLES = ["Emma", "Ulysses", "Beloved", "Dracula", "Solaris", "Nana", "Momo", "Kim", "She", "Dune"]
NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal"]


@dataclass
class Store:
    """Books, readers and loans, and the ledger of sessions."""

    books: dict[int, Book] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    loans: list[Loan] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)

    def open(self) -> "Session":
        """Open a session."""
        return Session(self)


class Session:
    """A piece of work on the store. Its changes stand once it is committed; then it has ended."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._new_loans: list[Loan] = []
        self._ended = False
        store.ledger.append("open")

    def list_books(self) -> list[Book]:
        """List all books."""
        self._require_open()
        return list(self._store.books.values())

    def read_books(self) -> Iterator[Book]:
        """Read book by book, as a cursor does."""
        for book in list(self._store.books.values()):
            self._require_open()
            yield book
        self._store.ledger.append("read")

    def list_readers(self) -> list[Reader]:
        """List all readers."""
        self._require_open()
        return list(self._store.readers.values())

    def find_reader(self, card: str) -> Reader | None:
        """Find the reader with this card."""
        self._require_open()
        return self._store.readers.get(card)

    def list_loans(self, card: str | None = None) -> list[Loan]:
        """List the loans, all or those on a card, with those that this session adds."""
        self._require_open()
        loans = [*self._store.loans, *self._new_loans]
        return [loan for loan in loans if card is None or loan.card == card]

    def lend(self, book_id: int, card: str) -> Loan:
        """Lend a book: a change that stands once the session is committed."""
        self._require_open()
        loan = Loan(book_id=book_id, card=card)
        self._new_loans.append(loan)
        return loan

    def commit(self) -> None:
        """Let the changes stand, and end the session; refuse them if a book is under repair."""
        self._require_open()
        if any(self._store.books[loan.book_id].under_repair for loan in self._new_loans):
            raise CommitRefusedError("The book is under repair.")
        self._store.loans += self._new_loans
        self._end("commit")

    def rollback(self) -> None:
        """Forget the changes, and end the session."""
        self._end("rollback")

    def close(self) -> None:
        """Give the session back."""
        self._end("close")

    def _end(self, how: str) -> None:
        self._ended = True
        self._store.ledger.append(how)

    def _require_open(self) -> None:
        if self._ended:
            raise RuntimeError("The session has ended; it can be used no more.")


def make_store() -> Store:
    """Make a store with ten books, of which the last is under repair, and eight readers."""
    books = {i: Book(id=i, title=title) for i, title in enumerate(TITLES, start=1)}
    books[len(TITLES)].under_repair = True
    readers = [Reader(card=f"C{i}", name=name) for i, name in zip(count(1), NAMES, strict=False)]
    readers[0].librarian = True
    return Store(books=books, readers={reader.card: reader for reader in readers})
