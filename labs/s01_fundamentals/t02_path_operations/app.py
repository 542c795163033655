"""The lending library over HTTP. Books and loans are ready; you write the path operations."""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response, status
from pydantic import BaseModel


class BookIn(BaseModel):
    """A book as a client describes it."""

    title: str
    author: str
    pages: int | None = None


class Book(BookIn):
    """A book as the library keeps it: with the number that the library gave it."""

    id: int


class Loan(BaseModel):
    """One book lent to one reader; `late` once it is past its date."""

    id: int
    book_id: int
    reader: str
    late: bool


BOOKS = [
    Book(id=1, title="The Summer Book", author="Tove Jansson", pages=166),
    Book(id=2, title="Kindred", author="Octavia E. Butler", pages=264),
    Book(id=3, title="The True Deceiver", author="Tove Jansson", pages=181),
    Book(id=4, title="Invisible Cities", author="Italo Calvino", pages=165),
    Book(id=5, title="Fair Play", author="Tove Jansson", pages=127),
    Book(id=6, title="Ficciones", author="Jorge Luis Borges", pages=174),
    Book(id=7, title="The Dispossessed", author="Ursula K. Le Guin", pages=341),
    Book(id=8, title="Solaris", author="Stanisław Lem", pages=204),
]
LOANS = [
    Loan(id=1, book_id=2, reader="Amina", late=False),
    Loan(id=2, book_id=1, reader="Jonas", late=True),
    Loan(id=3, book_id=2, reader="Wei", late=True),
    Loan(id=4, book_id=4, reader="Amina", late=False),
]

app = FastAPI(title="Lending library")
books = {book.id: book for book in BOOKS}
loans = {loan.id: loan for loan in LOANS}


def find_book(book_id: int) -> Book:
    """Return the book with this number; without one, answer the client with 404."""
    if book_id not in books:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No book {book_id}")
    return books[book_id]


def save_book(book_id: int, data: BookIn) -> Book:
    """Store the whole of `data` under this number, in place of whatever was there."""
    books[book_id] = Book(id=book_id, title=data.title, author=data.author, pages=data.pages)
    return books[book_id]


def next_book_id() -> int:
    """Return a number that no book has."""
    return max(books, default=0) + 1


# A finished path operation, to read and to copy from.
@app.get("/books/{book_id}")
def read_book(book_id: int) -> Book:
    """Answer one book."""
    return find_book(book_id)


# region list_books: GET /books answers the books; ?author= narrows, ?limit= caps (1-100, else 20).

# endregion


# region list_book_loans: GET /books/{book_id}/loans answers the loans of one book, or 404.

# endregion


# region list_late_loans: GET /loans/late answers the late loans, GET /loans/{loan_id} one loan.
@app.get("/loans/{loan_id}")
def read_loan(loan_id: int) -> Loan:
    """Answer one loan."""
    if loan_id not in loans:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No loan {loan_id}")
    return loans[loan_id]


@app.get("/loans/late")
def list_late_loans() -> list[Loan]:
    """Answer the loans that are past their date."""
    return [loan for loan in loans.values() if loan.late]


# endregion


# region create_book: POST /books stores a book and answers it, with 201 and its Location.

# endregion


# region replace_book: PUT /books/{book_id} replaces a whole book and answers it, or 404.

# endregion


# region remove_book: DELETE /books/{book_id} takes a book away; 204 without a body, or 404.

# endregion
