"""The library over HTTP: loans, and a reading assistant."""

from datetime import date, timedelta

from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from library import assistant
from library.database import Loan, SessionDep, lifespan
from library.rules import Kind, days_of, fine


class NewLoan(BaseModel):
    """A loan as the desk sends it, with the day on which it begins."""

    title: str
    reader: str
    kind: Kind = Kind.BOOK
    day: date


class LoanRead(BaseModel):
    """A loan as the library shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    reader: str
    kind: Kind
    due: date
    returned: date | None


class Return(BaseModel):
    """The day on which something came back."""

    day: date


class Receipt(BaseModel):
    """The loan that has ended, and the fine for it in cents."""

    loan: LoanRead
    fine: int


app = FastAPI(title="Library", lifespan=lifespan)
app.include_router(assistant.router)


@app.post("/loans", status_code=status.HTTP_201_CREATED)
async def create_loan(new: NewLoan, session: SessionDep) -> LoanRead:
    """Lend something to a reader."""
    due = new.day + timedelta(days=days_of(new.kind))
    loan = Loan(title=new.title, reader=new.reader, kind=new.kind, due=due)
    session.add(loan)
    await session.commit()
    return LoanRead.model_validate(loan)


@app.get("/loans")
async def list_loans(
    session: SessionDep,
    reader: str | None = None,
    kind: Kind | None = None,
    late_on: date | None = None,
) -> list[LoanRead]:
    """List the loans in the order of their numbers; each parameter that is given narrows it."""
    query = select(Loan).order_by(Loan.id)
    if reader is not None:
        query = query.where(Loan.reader == reader)
    if kind is not None:
        query = query.where(Loan.kind == kind)
    if late_on is not None:
        query = query.where(Loan.returned.is_(None), Loan.due < late_on)
    found = await session.scalars(query)
    return [LoanRead.model_validate(loan) for loan in found]


@app.post("/loans/{loan_id}/return")
async def return_loan(loan_id: int, back: Return, session: SessionDep) -> Receipt:
    """Take something back; 404 for no such loan, 409 for one that has ended."""
    loan = await session.get(Loan, loan_id)
    if loan is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such loan.")
    if loan.returned is not None:
        raise HTTPException(status.HTTP_409_CONFLICT, "It is back already.")
    loan.returned = back.day
    await session.commit()
    late = (back.day - loan.due).days
    return Receipt(loan=LoanRead.model_validate(loan), fine=fine(late))
