"""The same document from routers, explicit ids, JSON schema extras and pages written by hand."""

import os
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

SHELF = [
    {"id": 1, "title": "The Summer Book", "author": "Tove Jansson"},
    {"id": 2, "title": "Kindred", "author": "Octavia E. Butler"},
    {"id": 3, "title": "Fair Play", "author": "Tove Jansson"},
    {"id": 4, "title": "Solaris", "author": "Stanisław Lem"},
]
PAGE = """<!doctype html><html><head>
<link rel="icon" href="/assets/favicon.png"><link rel="stylesheet" href="/assets/swagger-ui.css">
</head><body>{body}</body></html>"""
SWAGGER = """<div id="ui"></div><script src="/assets/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url: "/openapi.json", dom_id: "#ui"})</script>"""
REDOC = """<redoc spec-url="/openapi.json"></redoc>
<script src="/assets/redoc.standalone.js"></script>"""


class Refusal(BaseModel):
    detail: Annotated[str, Field(examples=["No book 9"])]


class LoanIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"book_id": 2, "card": "R1234"},
                {"book_id": 3, "card": "R0001", "deposit": 12},
            ]
        }
    )

    book_id: int = Field(ge=1, examples=[1, 2])
    card: str = Field(pattern="^R[0-9]{4}$", examples=["R0001"])
    deposit: float = Field(default=5.0, ge=0, examples=[0, 2.5])


class Loan(BaseModel):
    book_id: int
    card: str
    deposit: str


def refused(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal} for status in statuses}


def refuse(status: int, words: str) -> JSONResponse:
    return JSONResponse({"detail": words}, status_code=status)


public = APIRouter()
books = APIRouter()
loans = APIRouter()
private = APIRouter(include_in_schema=False)


@books.get(
    "",
    operation_id="search_books",
    summary="Search the catalogue",
    description=(
        "Find books by words of their title or author. Use it to learn the number of a book."
    ),
)
async def search(
    q: Annotated[str, Query(description="Words")] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="Most")] = 10,
) -> list[dict[str, object]]:
    # ask Wei before you raise the limit
    return [book for book in SHELF if q.lower() in f"{book['title']} {book['author']}".lower()][
        :limit
    ]


@books.get("/{book_id}", operation_id="read_book", responses=refused(404), response_model=None)
async def one(book_id: int) -> JSONResponse:
    found = [book for book in SHELF if book["id"] == book_id]
    return JSONResponse(found[0]) if found else refuse(404, f"No book {book_id}")


@books.post(
    "/{book_id}/reservation",
    operation_id="reserve_book",
    status_code=201,
    responses=refused(404, 409, 503),
    response_model=None,
)
async def reserve(book_id: int) -> JSONResponse:
    if book_id not in range(1, 5):
        return refuse(404, f"No book {book_id}")
    return refuse(409, f"Book {book_id} is reserved")


@loans.post("", operation_id="create_loan", status_code=201)
async def lend(loan: LoanIn) -> Loan:
    return Loan(book_id=loan.book_id, card=loan.card, deposit=f"{loan.deposit:.2f}")


@loans.get("/{card}", operation_id="list_loans")
async def lent(card: str) -> list[int]:
    return [2] if card == "R0001" else []


@public.get("/health", operation_id="check_health")
async def health() -> str:
    return "up"


@public.get("/catalogue", operation_id="list_catalogue", deprecated=True)
async def everything() -> list[dict[str, object]]:
    return SHELF


@private.post("/reindex", status_code=202)
async def reindex() -> str:
    return "started"


app = FastAPI(
    openapi_url=None if os.environ.get("LIBRARY_DOCS") == "off" else "/openapi.json",
    docs_url=None,
    redoc_url=None,
    openapi_tags=[{"name": "loans", "description": "L"}, {"name": "books", "description": "B"}],
)
app.title = "Lending library"
app.version = "2.1.0"
app.summary = "Find, reserve and borrow books."
app.contact = {"name": "Front desk", "email": "desk@library.example"}
app.license_info = {"name": "MIT License", "identifier": "MIT"}

if app.openapi_url:

    @private.get("/docs")
    async def swagger() -> HTMLResponse:
        return HTMLResponse(PAGE.format(body=SWAGGER))

    @private.get("/redoc")
    async def redoc() -> HTMLResponse:
        return HTMLResponse(PAGE.format(body=REDOC))


app.include_router(books, prefix="/books", tags=["books"])
app.include_router(loans, prefix="/loans", tags=["loans"])
app.include_router(public)
app.include_router(private)
