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
@app.post("/loans", status_code=201)
def create_loan(loan: Loan) -> dict[str, object]:
    """Lend a book."""
    loan_id = max(LOANS, default=0) + 1
    LOANS[loan_id] = loan
    return {"id": loan_id, **loan.model_dump()}


# endregion


# region return_book: DELETE /loans/{loan_id} answers 204, or 404 when there is no such loan.
@app.delete("/loans/{loan_id}", status_code=204)
def delete_loan(loan_id: int) -> None:
    """Take a book back."""
    if LOANS.pop(loan_id, None) is None:
        raise HTTPException(404, "no such loan")


# endregion
