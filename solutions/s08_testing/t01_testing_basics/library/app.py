"""The library's catalogue over HTTP."""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Response, status
from pydantic import BaseModel, StringConstraints


class NewBook(BaseModel):
    """A book as a client sends it; spaces around the title are dropped."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    author: str = "unknown"


class Book(NewBook):
    """A book of the catalogue."""

    id: int


def create_app() -> FastAPI:
    """Make an app with an empty catalogue of its own."""
    app = FastAPI(title="Library")
    books: dict[int, Book] = {}

    @app.post("/books", status_code=status.HTTP_201_CREATED)
    def create_book(new: NewBook, response: Response) -> Book:
        """Add a book; the header Location says where it is."""
        book = Book(id=max(books, default=0) + 1, **new.model_dump())
        books[book.id] = book
        response.headers["Location"] = f"/books/{book.id}"
        return book

    @app.get("/books")
    def list_books() -> list[Book]:
        """List the books by title."""
        return sorted(books.values(), key=lambda book: book.title)

    @app.get("/books/{book_id}")
    def get_book(book_id: int) -> Book:
        """Give one book, or 404."""
        if book_id not in books:
            raise HTTPException(status.HTTP_404_NOT_FOUND, "No such book.")
        return books[book_id]

    @app.delete("/books/{book_id}", status_code=status.HTTP_204_NO_CONTENT)
    def delete_book(book_id: int) -> None:
        """Remove a book, if it is there."""
        books.pop(book_id, None)

    return app


app = create_app()
