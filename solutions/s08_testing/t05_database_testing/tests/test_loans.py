"""Tests of loans: what the routes answer, and what is in the database then."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.models import Book, Loan, Reader


# region look_inside: Tests that ask the routes of loans, and then look into the table of loans.
def fill(session: Session) -> dict[str, int]:
    """Add a book and a reader, and give the loan to ask for."""
    book, reader = Book(isbn=9780141439587, title="Emma"), Reader(name="Ada")
    session.add_all([book, reader])
    session.commit()
    return {"book_id": book.id, "reader_id": reader.id}


def test_a_loan_is_written(client: TestClient, session: Session) -> None:
    wanted = fill(session)
    response = client.post("/loans", json=wanted)
    assert response.status_code == 201
    loan = session.scalars(select(Loan)).one()
    assert loan.id == response.json()["id"]
    assert {"book_id": loan.book_id, "reader_id": loan.reader_id} == wanted
    assert loan.returned is None


def test_of_a_refused_loan_nothing_is_written(client: TestClient, session: Session) -> None:
    wanted = fill(session)
    client.post("/loans", json=wanted)
    assert client.post("/loans", json=wanted).status_code == 409
    assert len(session.scalars(select(Loan)).all()) == 1


def test_a_loan_that_has_ended_is_kept(client: TestClient, session: Session) -> None:
    wanted = fill(session)
    number = client.post("/loans", json=wanted).json()["id"]
    assert client.delete(f"/loans/{number}").status_code == 204
    loan = session.scalars(select(Loan)).one()
    assert loan.returned is not None
    assert client.post("/loans", json=wanted).status_code == 201


# endregion
