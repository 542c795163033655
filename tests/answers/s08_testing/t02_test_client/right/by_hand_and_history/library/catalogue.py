"""The catalogue: opened when the app starts, closed when it ends."""

from pydantic import BaseModel, Field


class Book(BaseModel):
    """A book on its shelf."""

    id: int
    title: str
    shelf: str


class NewReview(BaseModel):
    """A review as a client sends it."""

    stars: int = Field(ge=1, le=5)
    text: str = ""


class Review(NewReview):
    """A review with the name of whoever wrote it."""

    reader: str


BOOKS = (
    Book(id=1, title="Emma", shelf="A"),
    Book(id=2, title="Dracula", shelf="S"),
    Book(id=3, title="Ulysses", shelf="J"),
)


class Catalogue:
    """Books and their reviews, from the moment it is opened until it is closed."""

    def __init__(self) -> None:
        self._books = {book.id: book for book in BOOKS}
        self._reviews: dict[int, list[Review]] = {book.id: [] for book in BOOKS}
        self._open = True

    @property
    def books(self) -> dict[int, Book]:
        """Give the books by their ids; RuntimeError when the catalogue is closed."""
        if not self._open:
            raise RuntimeError("The catalogue is closed.")
        return self._books

    def reviews(self, book: Book) -> list[Review]:
        """Give the reviews of a book, to read and to add to."""
        return self._reviews[self.books[book.id].id]

    def close(self) -> None:
        """Let nobody use it any more."""
        self._open = False
