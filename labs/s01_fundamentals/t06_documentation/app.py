"""The lending library. Everything works; what it says about itself is up to you.

The reading assistant makes its tools from `/openapi.json`: one for each operation.
"""

import os
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, HTTPException, Path, Query, status
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

DOCS_ON = os.environ.get("LIBRARY_DOCS", "on") == "on"


class Book(BaseModel):
    """A book of the library."""

    id: int
    title: str
    author: str


BOOKS = [
    Book(id=1, title="The Summer Book", author="Tove Jansson"),
    Book(id=2, title="Kindred", author="Octavia E. Butler"),
    Book(id=3, title="Fair Play", author="Tove Jansson"),
    Book(id=4, title="Solaris", author="Stanisław Lem"),
]
books = {book.id: book for book in BOOKS}
reserved = {2}


def find_book(book_id: int) -> Book:
    """Return the book with this number; without one, answer the client with 404."""
    if book_id not in books:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No book {book_id}")
    return books[book_id]


def find_books(words: str, limit: int) -> list[Book]:
    """Return the books whose title or author contains the words, at most `limit`."""
    wanted = words.lower()
    found = [book for book in BOOKS if wanted in f"{book.title} {book.author}".lower()]
    return found[:limit]


# region name_operations: The operation id of every route is the name of its function.

# endregion

app = FastAPI(
    # region introduce_api: The document has title, version, summary, contact, license and tags.
    # endregion
    # region name_operations: The app names each operation by your function.
    # endregion
    # region host_docs: The built-in pages give way to yours; without docs, no document either.
    # endregion
)
catalogue = APIRouter(prefix="/books", tags=["books"])
# region introduce_api: Each operation below /loans has the tag `loans`.
desk = APIRouter(prefix="/loans")
# endregion


# region describe_search: GET /books tells an assistant what it does, and keeps our note to itself.
@catalogue.get("")
def search_books(
    q: Annotated[str, Query()] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[Book]:
    """Find books by words of their title or author. Use it to learn the number of a book.

    Note for us: this scans the whole table, so ask Wei before you raise the limit.
    """
    return find_books(q, limit)


# endregion


# region document_errors: What these two answer as 404 and 409 stands in the document, with a model.
@catalogue.get("/{book_id}")
def read_book(book_id: int) -> Book:
    """Answer one book."""
    return find_book(book_id)


@catalogue.post("/{book_id}/reservation", status_code=status.HTTP_201_CREATED)
def reserve_book(book_id: int) -> Book:
    """Put a book aside for a reader."""
    book = find_book(book_id)
    if book_id in reserved:
        raise HTTPException(status.HTTP_409_CONFLICT, f"Book {book_id} is reserved")
    reserved.add(book_id)
    return book


# endregion


# region describe_loan: POST /loans takes a LoanIn with working examples and answers a Loan.
class Loan(BaseModel):
    """A loan, as a client asks for it and as the library keeps it."""

    book_id: Annotated[int, Field(ge=1)]
    card: Annotated[str, Field(pattern=r"^R\d{4}$")]
    deposit: Annotated[Decimal, Field(ge=0, decimal_places=2)] = Decimal("5.00")


@desk.post("", status_code=status.HTTP_201_CREATED)
def create_loan(loan: Loan) -> Loan:
    """Lend a book to the reader with this card."""
    return loan


# endregion


@desk.get("/{card}")
def list_loans(card: Annotated[str, Path(description="The card of the reader.")]) -> list[int]:
    """Answer the numbers of the books that a reader has."""
    return [2] if card == "R0001" else []


app.include_router(catalogue)
app.include_router(desk)


@app.get("/health")
def check_health() -> str:
    """Tell that the app is up."""
    return "up"


# region retire_routes: GET /catalogue is deprecated, POST /reindex not in the document; both work.
@app.get("/catalogue")
def list_catalogue() -> list[Book]:
    """Answer all books."""
    return BOOKS


@app.post("/reindex", status_code=status.HTTP_202_ACCEPTED)
def rebuild_index() -> str:
    """Build the search index anew: for the night job only."""
    return "started"


# endregion


# region host_docs: /docs and /redoc load all from /assets; LIBRARY_DOCS=off turns them off.

# endregion
