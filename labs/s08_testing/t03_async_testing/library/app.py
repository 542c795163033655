"""The library over HTTP."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, status
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from library.assistant import Assistant, Model, RuleModel, wall_clock
from library.desk import NoCopyLeft, UnknownBook, lend, take_back
from library.store import Store

logger = logging.getLogger(__name__)
COPIES = {"Emma": 1, "Walden": 3}


class NewLoan(BaseModel):
    """Who wants to borrow."""

    reader: str


class Question(BaseModel):
    """What somebody wants to know."""

    text: str


def create_app(
    model: Model | None = None, deadline: float = 20.0, clock: Callable[[], float] = wall_clock
) -> FastAPI:
    """Make an app; its store and its assistant are there from start-up to shutdown."""
    model = model or RuleModel()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.store = Store(COPIES)
        app.state.assistant = Assistant(model, deadline, clock)
        yield
        await model.aclose()

    app = FastAPI(title="Library", lifespan=lifespan)

    @app.get("/books/{book}")
    async def read_book(book: str, request: Request) -> dict[str, str | int]:
        """Tell how many copies of a book are on the shelf."""
        copies = await request.app.state.store.copies(book)
        if copies is None:
            raise UnknownBook(book)
        return {"book": book, "copies": copies}

    @app.post("/books/{book}/loans", status_code=status.HTTP_201_CREATED)
    async def create_loan(book: str, loan: NewLoan, request: Request) -> dict[str, str]:
        """Lend a copy; 409 if there is none left."""
        await lend(request.app.state.store, book, loan.reader)
        return {"book": book, "reader": loan.reader}

    @app.post("/books/{book}/returns")
    async def create_return(book: str, request: Request) -> dict[str, int]:
        """Take a copy back."""
        return {"copies": await take_back(request.app.state.store, book)}

    @app.post("/answers")
    async def create_answer(question: Question, request: Request) -> dict[str, str]:
        """Ask the assistant; 504 if it takes too long."""
        try:
            return {"text": await request.app.state.assistant.ask(question.text)}
        except TimeoutError:
            raise HTTPException(status.HTTP_504_GATEWAY_TIMEOUT, "Ask again later.") from None

    add_error_handlers(app)
    return app


def add_error_handlers(app: FastAPI) -> None:
    """Answer each error in words that a client may read."""

    @app.exception_handler(UnknownBook)
    async def say_unknown(_request: Request, _error: UnknownBook) -> JSONResponse:
        return JSONResponse({"detail": "No such book."}, status.HTTP_404_NOT_FOUND)

    @app.exception_handler(NoCopyLeft)
    async def say_none_left(_request: Request, _error: NoCopyLeft) -> JSONResponse:
        return JSONResponse({"detail": "No copy left."}, status.HTTP_409_CONFLICT)

    @app.exception_handler(Exception)
    async def say_sorry(_request: Request, error: Exception) -> JSONResponse:
        logger.error("Out of order.", exc_info=error)
        return JSONResponse({"detail": "Out of order."}, status.HTTP_500_INTERNAL_SERVER_ERROR)


app = create_app()
