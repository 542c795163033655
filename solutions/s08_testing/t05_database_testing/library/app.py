"""The library over HTTP."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, status
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from library import shelf

engine = create_engine(os.environ.get("LIBRARY_DATABASE", "sqlite:///library.db"))
app = FastAPI(title="Library")


def get_session() -> Iterator[Session]:
    """Open a session for one request, on the library's own database."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


class NewBook(BaseModel):
    """A book as a client sends it."""

    isbn: int
    title: str


class BookOut(NewBook):
    """A book of the library."""

    model_config = ConfigDict(from_attributes=True)

    id: int


class NewLoan(BaseModel):
    """Who wants which book."""

    book_id: int
    reader_id: int


@app.post("/books", status_code=status.HTTP_201_CREATED)
def create_book(new: NewBook, session: SessionDep) -> BookOut:
    """Add a book, or 409."""
    try:
        return BookOut.model_validate(shelf.add_book(session, new.isbn, new.title))
    except shelf.Refused as refused:
        raise HTTPException(status.HTTP_409_CONFLICT, str(refused)) from refused


@app.get("/books")
def list_books(session: SessionDep, title: str = "") -> list[BookOut]:
    """Find books by a part of their title."""
    return [BookOut.model_validate(book) for book in shelf.search(session, title)]


@app.post("/loans", status_code=status.HTTP_201_CREATED)
def create_loan(new: NewLoan, session: SessionDep) -> dict[str, int]:
    """Lend a book and give the loan's id, or 409."""
    try:
        loan = shelf.lend(session, new.book_id, new.reader_id, datetime.now(UTC))
    except shelf.Refused as refused:
        raise HTTPException(status.HTTP_409_CONFLICT, str(refused)) from refused
    return {"id": loan.id}


@app.delete("/loans/{loan_id}", status_code=status.HTTP_204_NO_CONTENT)
def end_loan(loan_id: int, session: SessionDep) -> None:
    """Take a book back, or 404; the loan is kept, with the time of its end."""
    try:
        shelf.give_back(session, loan_id, datetime.now(UTC))
    except shelf.Refused as refused:
        raise HTTPException(status.HTTP_404_NOT_FOUND, str(refused)) from refused
