"""The same API with routers, a list for a shelf, async functions and absolute addresses."""

from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

BookId = Annotated[int, Path()]
LoanId = Annotated[int, Path()]


class NewBook(BaseModel):
    title: str
    author: str
    pages: int | None = None


shelf: list[dict[str, object]] = [
    {"id": 1, "title": "The Summer Book", "author": "Tove Jansson", "pages": 166},
    {"id": 2, "title": "Kindred", "author": "Octavia E. Butler", "pages": 264},
    {"id": 3, "title": "The True Deceiver", "author": "Tove Jansson", "pages": 181},
    {"id": 4, "title": "Invisible Cities", "author": "Italo Calvino", "pages": 165},
    {"id": 5, "title": "Fair Play", "author": "Tove Jansson", "pages": 127},
    {"id": 6, "title": "Ficciones", "author": "Jorge Luis Borges", "pages": 174},
    {"id": 7, "title": "The Dispossessed", "author": "Ursula K. Le Guin", "pages": 341},
    {"id": 8, "title": "Solaris", "author": "Stanisław Lem", "pages": 204},
]
lent: list[dict[str, object]] = [
    {"id": 1, "book_id": 2, "reader": "Amina", "late": False},
    {"id": 2, "book_id": 1, "reader": "Jonas", "late": True},
    {"id": 3, "book_id": 2, "reader": "Wei", "late": True},
    {"id": 4, "book_id": 4, "reader": "Amina", "late": False},
]
books = APIRouter(prefix="/books")
loans = APIRouter(prefix="/loans")


def position(book_id: int) -> int:
    for index, book in enumerate(shelf):
        if book["id"] == book_id:
            return index
    raise HTTPException(404, f"No book {book_id}")


@books.get("")
async def search(
    author: Annotated[str, Query()] = "", limit: Annotated[int, Query(gt=0, lt=101)] = 20
) -> JSONResponse:
    return JSONResponse([book for book in shelf if not author or book["author"] == author][:limit])


@books.post("", response_class=JSONResponse)
async def add(book: Annotated[NewBook, Body()], request: Request) -> JSONResponse:
    number = 1_000_000 + len(shelf)
    shelf.append({"id": number, **book.model_dump()})
    where = str(request.url_for("one", book_id=number))
    return JSONResponse(shelf[-1], status_code=201, headers={"Location": where})


@books.get("/{book_id}")
async def one(book_id: BookId) -> dict[str, object]:
    return shelf[position(book_id)]


@books.put("/{book_id}")
async def exchange(book_id: BookId, book: NewBook) -> dict[str, object]:
    shelf[position(book_id)] = {"id": book_id, **book.model_dump()}
    return shelf[position(book_id)]


@books.delete("/{book_id}")
async def drop(book_id: BookId) -> Response:
    shelf.pop(position(book_id))
    return Response(status_code=204)


@books.get("/{book_id}/loans")
async def history(book_id: BookId) -> list[dict[str, object]]:
    position(book_id)
    return [loan for loan in lent if loan["book_id"] == book_id]


@loans.api_route("/late", methods=["GET"])
async def late() -> JSONResponse:
    return JSONResponse([loan for loan in lent if loan["late"]])


@loans.get("/{number}")
async def loan(number: LoanId) -> dict[str, object]:
    for entry in lent:
        if entry["id"] == number:
            return entry
    raise HTTPException(status_code=404)


app = FastAPI()
app.include_router(books)
app.include_router(loans)
