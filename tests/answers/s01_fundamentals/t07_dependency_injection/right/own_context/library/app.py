"""The library over HTTP: each route declares what it needs, and FastAPI provides it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, status
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from .store import Book, CommitRefusedError, Loan, Reader, Session, make_store

store = make_store()
tickets = count(1)

app = FastAPI(title="Library")


class Page(BaseModel):
    """The piece of a list that a client wants."""

    offset: int
    limit: int


class Order(BaseModel):
    """The book that a reader wants to borrow, and the reader's card."""

    book_id: int
    card: str


# region share_page: `?offset=` (0 or more, 0) and `?limit=` (1 to 50, 5) cut every list.
def get_page(
    offset: int = Query(default=0, ge=0), limit: int = Query(default=5, gt=0, lt=51)
) -> Page:
    """Read from the query which piece of a list the client wants."""
    return Page(offset=offset, limit=limit)


PageDep = Annotated[Page, Depends(get_page)]


# endregion


# region clean_up_session: A session is committed, after an error rolled back, and always closed.
@asynccontextmanager
async def use_session() -> AsyncIterator[Session]:
    """Commit a session, or roll it back, and close it."""
    session = store.open()
    failed = True
    try:
        yield session
        failed = False
    finally:
        try:
            session.rollback() if failed else session.commit()
        finally:
            session.close()


async def get_session() -> AsyncIterator[Session]:
    """Lend a session to the request."""
    async with use_session() as session:
        yield session


# endregion

# region commit_first: A session of a request is committed before the client reads the answer.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]
# endregion


# region find_reader: The header X-Card names the reader; without a known card the answer is 401.
async def get_reader(session: SessionDep, x_card: str = Header(default="")) -> Reader:
    """Find the reader who asks."""
    if (reader := session.find_reader(x_card)) is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Show a valid card.")
    return reader


ReaderDep = Annotated[Reader, Depends(get_reader)]


# endregion


# region require_librarian: Readers who are not librarians are answered with 403.
async def get_librarian(reader: ReaderDep) -> None:
    """Let librarians pass."""
    if not reader.librarian:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Librarians only.")


# endregion


async def get_ticket() -> int:
    """Draw the next ticket of the queue."""
    return next(tickets)


@app.get("/books")
async def list_books(session: SessionDep, page: PageDep) -> list[Book]:
    """List books."""
    return session.list_books()[page.offset :][: page.limit]


@app.get("/readers")
async def list_readers(session: SessionDep, page: PageDep) -> list[str]:
    """List the readers' first names."""
    return [reader.name for reader in session.list_readers()][page.offset :][: page.limit]


@app.get("/me")
async def read_me(reader: ReaderDep) -> Reader:
    """Tell the reader who they are."""
    return reader


@app.get("/me/loans")
async def list_my_loans(reader: ReaderDep, session: SessionDep) -> list[Loan]:
    """List the loans of the reader who asks."""
    return session.list_loans(reader.card)


@app.get("/loans", dependencies=[Depends(get_librarian)])
async def list_loans(session: SessionDep) -> list[Loan]:
    """List everybody's loans, for librarians."""
    return session.list_loans()


@app.post("/loans", status_code=status.HTTP_201_CREATED)
async def lend_book(order: Order, session: SessionDep) -> Loan:
    """Lend a book at the desk; a card holds two books at most."""
    loan = session.lend(order.book_id, order.card)
    if len(session.list_loans(order.card)) > 2:
        raise HTTPException(status.HTTP_409_CONFLICT, "Two books at a time.")
    return loan


# region draw_tickets: GET /tickets draws two tickets, which are never the same.
async def get_other_ticket() -> int:
    """Draw the friend's ticket, as a dependency of its own."""
    return await get_ticket()


@app.get("/tickets")
async def draw_tickets(
    mine: Annotated[int, Depends(get_ticket)], yours: Annotated[int, Depends(get_other_ticket)]
) -> list[int]:
    """Draw a ticket for the reader and one for their friend."""
    return [mine, yours]


# endregion


# region export_books: GET /export sends every book as a JSON line, from a session still at work.
@app.get("/export")
async def export_books() -> StreamingResponse:
    """Send every book as it is read, from a session that the stream opens itself."""

    async def write_lines() -> AsyncIterator[str]:
        async with use_session() as session:
            for book in session.read_books():
                yield book.model_dump_json() + "\n"

    return StreamingResponse(write_lines(), media_type="application/jsonl")


# endregion


@app.get("/ledger")
async def read_ledger() -> list[str]:
    """Show what became of the sessions since the ledger was emptied."""
    return store.ledger


@app.delete("/ledger", status_code=status.HTTP_204_NO_CONTENT)
async def empty_ledger() -> None:
    """Begin a new ledger."""
    store.ledger.clear()


@app.exception_handler(CommitRefusedError)
async def answer_refusal(_request: Request, error: CommitRefusedError) -> JSONResponse:
    """Tell the client that the store refused the changes."""
    return JSONResponse({"detail": str(error)}, status.HTTP_409_CONFLICT)
