"""Loans: each reader's own, and nobody else's."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Security, status
from pydantic import BaseModel

from library.readers import Reader
from library.security import get_current_reader

router = APIRouter(prefix="/loans")


class Loan(BaseModel):
    """A book that a reader has borrowed."""

    id: int
    title: str
    reader: str


def get_loans(request: Request) -> dict[int, Loan]:
    """Give all loans by their ids."""
    loans: dict[int, Loan] = request.app.state.loans
    return loans


LoansDep = Annotated[dict[int, Loan], Depends(get_loans)]
BorrowerDep = Annotated[Reader, Security(get_current_reader, scopes=["loans"])]


def own_loan(loans: dict[int, Loan], loan_id: int, reader: Reader) -> Loan:
    """Give a loan of the reader; what others have is to them as if it were not there."""
    loan = loans.get(loan_id)
    if loan is None or loan.reader != reader.name:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such loan.")
    return loan


@router.get("")
def list_loans(loans: LoansDep, reader: BorrowerDep) -> list[Loan]:
    """List the reader's loans."""
    return [loan for loan in loans.values() if loan.reader == reader.name]


@router.get("/{loan_id}")
def get_loan(loan_id: int, loans: LoansDep, reader: BorrowerDep) -> Loan:
    """Give a loan of the reader, or 404."""
    return own_loan(loans, loan_id, reader)


@router.delete("/{loan_id}", status_code=204)
def return_book(loan_id: int, loans: LoansDep, reader: BorrowerDep) -> None:
    """Take a book back from the reader who has it, or answer 404."""
    loan = own_loan(loans, loan_id, reader)
    del loans[loan.id]
