"""Tests of loans: what the routes answer, and what is in the database then."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.models import Book, Loan, Reader


# region look_inside: Tests that ask the routes of loans, and then look into the table of loans.
def arrange(session: Session) -> dict[str, int]:
    """Add what a loan needs."""
    session.add_all([Book(id=1, isbn=9780141439587, title="Emma"), Reader(id=2, name="Ada")])
    session.commit()
    return {"book_id": 1, "reader_id": 2}


def rows(session: Session) -> list[tuple[int, int, bool]]:
    """Give each loan: its book, its reader, and whether it has ended."""
    session.rollback()
    return [
        (loan.book_id, loan.reader_id, loan.returned is not None)
        for loan in session.scalars(select(Loan).order_by(Loan.id))
    ]


def test_the_life_of_a_loan(client: TestClient, session: Session) -> None:
    wanted = arrange(session)
    loan = client.post("/loans", json=wanted).json()
    assert rows(session) == [(1, 2, False)]
    session.rollback()
    assert client.post("/loans", json=wanted).status_code == 409
    assert rows(session) == [(1, 2, False)]
    session.rollback()
    client.delete(f"/loans/{loan['id']}")
    assert rows(session) == [(1, 2, True)]


# endregion
