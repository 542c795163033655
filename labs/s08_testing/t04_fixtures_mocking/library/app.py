"""The library over HTTP: one app, as a server imports it."""

from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, status
from pydantic import BaseModel

from library.assistant import Model, RemoteModel, answer
from library.loans import LoanBook, most_loans

CARDS = {"c-17": "Ada", "c-18": "Ben"}
_loan_book = LoanBook()


def get_loan_book() -> LoanBook:
    """Give the loan book of the library."""
    return _loan_book


def get_model() -> Model:
    """Give the model that writes the answers."""
    return RemoteModel()


def get_reader(x_card: Annotated[str | None, Header()] = None) -> str:
    """Find the reader by the header X-Card; 401 without a card that is known."""
    if x_card not in CARDS:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Show your card.")
    return CARDS[x_card]


LoanBookDep = Annotated[LoanBook, Depends(get_loan_book)]
ModelDep = Annotated[Model, Depends(get_model)]
ReaderDep = Annotated[str, Depends(get_reader)]
app = FastAPI(title="Library")


class NewLoan(BaseModel):
    """What a reader wants to borrow."""

    book: str


class Question(BaseModel):
    """What a reader wants to know."""

    text: str


@app.get("/me/loans")
def list_loans(reader: ReaderDep, loan_book: LoanBookDep) -> list[str]:
    """List the books that the reader has."""
    books: list[str] = loan_book.books_of(reader)
    return books


@app.post("/me/loans", status_code=status.HTTP_201_CREATED)
def create_loan(loan: NewLoan, reader: ReaderDep, loan_book: LoanBookDep) -> NewLoan:
    """Lend a book to the reader; 409 if they have as many as they may."""
    if len(loan_book.books_of(reader)) >= most_loans():
        raise HTTPException(status.HTTP_409_CONFLICT, "Bring one back first.")
    loan_book.add(loan.book, reader)
    return loan


@app.post("/answers")
async def create_answer(
    question: Question, reader: ReaderDep, loan_book: LoanBookDep, model: ModelDep
) -> dict[str, str]:
    """Let the assistant answer a question of the reader."""
    return {"text": await answer(model, loan_book, reader, question.text)}
