"""Loans of books, kept in memory."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Loan(BaseModel):
    """A book in a reader's hands."""

    book: int
    reader: str


LOANS: dict[int, Loan] = {}


# region lend_book: POST /loans stores a loan and answers 201 with the loan and its id.
@app.post("/loans")
def create_loan(loan: Loan) -> dict[str, object]:
    """Lend a book."""
    return {**loan.model_dump()}


# endregion


# region return_book: DELETE /loans/{loan_id} answers 204, or 404 when there is no such loan.
# endregion
