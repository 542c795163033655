"""The library over HTTP."""

from fastapi import FastAPI, HTTPException, Request, Response, status
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from library import assistant
from library.models import Book, Loan
from library.services import ModelDep, SessionDep, StoreDep, lifespan

app = FastAPI(title="Library", lifespan=lifespan)


class NewBook(BaseModel):
    """A book as a client sends it."""

    title: str
    text: str


class NewLoan(BaseModel):
    """Who wants which book."""

    book_id: int
    reader: str


class Question(BaseModel):
    """What a reader asks about the book they have."""

    question: str


class Answer(BaseModel):
    """What the assistant says; `cached` if it was asked before."""

    answer: str
    cached: bool


@app.get("/health")
async def get_health(request: Request, response: Response) -> dict[str, str]:
    """Say `ready`, or 503 and `starting`."""
    if request.app.state.ready:
        return {"status": "ready"}
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "starting"}


@app.post("/books", status_code=status.HTTP_201_CREATED)
async def create_book(new: NewBook, session: SessionDep) -> dict[str, int]:
    """Add a book and give its id."""
    book = Book(title=new.title, text=new.text)
    session.add(book)
    await session.commit()
    return {"id": book.id}


async def find_book(book_id: int, session: SessionDep) -> Book:
    """Give a book, or 404."""
    book = await session.get(Book, book_id)
    if book is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such book.")
    return book


@app.get("/books/{book_id}/text")
async def read_text(book_id: int, session: SessionDep) -> Response:
    """Give the text of a book, as plain text."""
    book = await find_book(book_id, session)
    return Response(book.text, media_type="text/plain")


@app.put("/books/{book_id}", status_code=status.HTTP_204_NO_CONTENT)
async def replace_book(book_id: int, new: NewBook, session: SessionDep, store: StoreDep) -> None:
    """Replace a book by another edition; what was answered from the old one is forgotten."""
    book = await find_book(book_id, session)
    book.title, book.text = new.title, new.text
    await session.commit()
    await assistant.forget(store, book)


@app.post("/loans", status_code=status.HTTP_201_CREATED)
async def create_loan(new: NewLoan, session: SessionDep) -> dict[str, int]:
    """Lend a book and give the loan's id; 409 if somebody has it."""
    loan = Loan(book_id=new.book_id, reader=new.reader)
    session.add(loan)
    try:
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "The book is out.") from error
    return {"id": loan.id}


@app.post("/loans/{loan_id}/questions")
async def ask_question(
    loan_id: int, asked: Question, session: SessionDep, store: StoreDep, model: ModelDep
) -> Answer:
    """Answer from the book that was lent; 503 with Retry-After if the model is busy, or 502."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such loan.")
    book = await find_book(loan.book_id, session)
    known = await assistant.recall(store, book, asked.question)
    if known is not None:
        return Answer(answer=known, cached=True)
    try:
        answer = await assistant.ask(model, book, asked.question)
    except assistant.Busy as busy:
        headers = {"Retry-After": busy.retry_after}
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, str(busy), headers) from busy
    except assistant.Failed as failed:
        raise HTTPException(status.HTTP_502_BAD_GATEWAY, str(failed)) from failed
    await assistant.keep(store, book, asked.question, answer)
    return Answer(answer=answer, cached=False)
