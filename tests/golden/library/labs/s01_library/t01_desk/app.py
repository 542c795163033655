"""The lending desk of a library."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, Field


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Open the desk."""
    if os.environ.get("DESK") == "closed":
        raise ValueError("DESK is closed")
    yield


app = FastAPI(lifespan=lifespan)


class NewBook(BaseModel):
    """A book to store."""

    title: Annotated[str, Field(min_length=1)]
    year: int


class Book(NewBook):
    """A stored book."""

    id: int


class Signed(NewBook):
    """A book to store, with its author."""

    author: str


class Reader(BaseModel):
    """A reader as others see them."""

    name: str
    email: str


OPENED = time.monotonic()
BOOKS = {1: Book(id=1, title="Emma", year=1815), 2: Book(id=2, title="Ulysses", year=1922)}
READER = {"name": "Ada", "email": "ada@example.org", "password": "engine"}


@app.get("/books")
def list_books(limit: Annotated[int, Query(ge=1)] = 10) -> list[Book]:
    """List the books."""
    return list(BOOKS.values())[:limit]


@app.get("/books/latest")
def latest_book() -> Book:
    """Give the newest book."""
    return max(BOOKS.values(), key=lambda book: book.year)


@app.get("/books/{book_id}")
def get_book(book_id: int) -> Book:
    """Give a book."""
    if book_id not in BOOKS:
        raise HTTPException(404, "no such book")
    return BOOKS[book_id]


@app.post("/books", status_code=201)
def create_book(book: NewBook, response: Response) -> Book:
    """Store a book."""
    stored = Book(id=len(BOOKS) + 1, title=book.title, year=book.year)
    BOOKS[stored.id] = stored
    response.headers["Location"] = f"/books/{stored.id}"
    return stored


@app.get("/reader")
def show_reader() -> Reader:
    """Give the reader."""
    return Reader(name=READER["name"], email=READER["email"])


@app.get("/slow")
async def ask_slowly() -> dict[str, bool]:
    """Take a while."""
    await asyncio.sleep(0.1)
    return {"done": True}


def count_days(weeks: int) -> int:
    """Count the days of a loan."""
    return weeks * 7
