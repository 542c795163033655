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
def name_operation(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


# endregion

app = FastAPI(
    # region introduce_api: The document has title, version, summary, contact, license and tags.
    title="Lending library",
    version="2.1.0",
    summary="Find, reserve and borrow books.",
    contact={"name": "Front desk", "email": "desk@library.example"},
    license_info={"name": "MIT License", "identifier": "MIT"},
    openapi_tags=[
        {"name": "books", "description": "The catalogue and its reservations."},
        {"name": "loans", "description": "Who has which book."},
    ],
    # endregion
    # region name_operations: The app names each operation by your function.
    generate_unique_id_function=name_operation,
    # endregion
    # region host_docs: The built-in pages give way to yours; without docs, no document either.
    openapi_url="/openapi.json" if DOCS_ON else None,
    docs_url=None,
    redoc_url=None,
    # endregion
)
catalogue = APIRouter(prefix="/books", tags=["books"])
# region introduce_api: Each operation below /loans has the tag `loans`.
desk = APIRouter(prefix="/loans", tags=["loans"])
# endregion


# region describe_search: GET /books tells an assistant what it does, and keeps our note to itself.
@catalogue.get("", summary="Search the catalogue")
def search_books(
    q: Annotated[str, Query(description="Words of the title or the author.")] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="The most books to answer.")] = 10,
) -> list[Book]:
    """Find books by words of their title or author. Use it to learn the number of a book.

    \f
    Note for us: this scans the whole table, so ask Wei before you raise the limit.
    """  # noqa: D301 - with an `r` in front, the form feed would be a backslash and an f
    return find_books(q, limit)


# endregion


# region document_errors: What these two answer as 404 and 409 stands in the document, with a model.
class Problem(BaseModel):
    """Why a request was refused."""

    detail: str


@catalogue.get("/{book_id}", responses={404: {"model": Problem, "description": "No such book"}})
def read_book(book_id: int) -> Book:
    """Answer one book."""
    return find_book(book_id)


@catalogue.post(
    "/{book_id}/reservation",
    status_code=status.HTTP_201_CREATED,
    responses={
        404: {"model": Problem, "description": "No such book"},
        409: {"model": Problem, "description": "Reserved by someone else"},
    },
)
def reserve_book(book_id: int) -> Book:
    """Put a book aside for a reader."""
    book = find_book(book_id)
    if book_id in reserved:
        raise HTTPException(status.HTTP_409_CONFLICT, f"Book {book_id} is reserved")
    reserved.add(book_id)
    return book


# endregion


# region describe_loan: POST /loans takes a LoanIn with working examples and answers a Loan.
class LoanIn(BaseModel):
    """A loan as a client asks for it."""

    book_id: Annotated[int, Field(ge=1, examples=[4])]
    card: Annotated[str, Field(pattern=r"^R\d{4}$", examples=["R0042"])]
    deposit: Annotated[Decimal, Field(ge=0, decimal_places=2, examples=["2.50"])] = Decimal("5.00")


class Loan(BaseModel):
    """A loan as the library keeps it."""

    book_id: int
    card: str
    deposit: Decimal


EXAMPLES = {
    "usual": {"summary": "The usual deposit", "value": {"book_id": 1, "card": "R0007"}},
    "free": {
        "summary": "Without a deposit",
        "value": {"book_id": 4, "card": "R0042", "deposit": "0.00"},
    },
}


@desk.post("", status_code=status.HTTP_201_CREATED)
def create_loan(loan: Annotated[LoanIn, Body(openapi_examples=EXAMPLES)]) -> Loan:
    """Lend a book to the reader with this card."""
    return Loan(book_id=loan.book_id, card=loan.card, deposit=loan.deposit)


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
@app.get("/catalogue", deprecated=True)
def list_catalogue() -> list[Book]:
    """Answer all books."""
    return BOOKS


@app.post("/reindex", status_code=status.HTTP_202_ACCEPTED, include_in_schema=False)
def rebuild_index() -> str:
    """Build the search index anew: for the night job only."""
    return "started"


# endregion


# region host_docs: /docs and /redoc load all from /assets; LIBRARY_DOCS=off turns them off.
if DOCS_ON:

    @app.get("/docs", include_in_schema=False)
    def read_docs() -> HTMLResponse:
        """Answer the page of Swagger UI."""
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Lending library",
            swagger_js_url="/assets/swagger-ui-bundle.js",
            swagger_css_url="/assets/swagger-ui.css",
            swagger_favicon_url="/assets/favicon.png",
        )

    @app.get("/redoc", include_in_schema=False)
    def read_redoc() -> HTMLResponse:
        """Answer the page of ReDoc."""
        return get_redoc_html(
            openapi_url="/openapi.json",
            title="Lending library",
            redoc_js_url="/assets/redoc.standalone.js",
            redoc_favicon_url="/assets/favicon.png",
            with_google_fonts=False,
        )


# endregion
