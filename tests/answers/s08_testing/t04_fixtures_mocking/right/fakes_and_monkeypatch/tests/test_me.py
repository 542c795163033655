"""Tests of a reader's own pages; they are right, and need `client`."""

import pytest
from fastapi.testclient import TestClient

from library.app import app
from library.loans import LoanBook


def test_a_reader_sees_their_own_loans(client: TestClient, loan_book: LoanBook) -> None:
    loan_book.add("Emma", "Ada")
    loan_book.add("Walden", "Ben")
    response = client.get("/me/loans")
    assert response.status_code == 200
    assert response.json() == ["Emma"]


def test_a_loan_is_written_down(client: TestClient, loan_book: LoanBook) -> None:
    response = client.post("/me/loans", json={"book": "Emma"})
    assert response.status_code == 201
    assert loan_book.books_of("Ada") == ["Emma"]


@pytest.mark.parametrize("headers", [{}, {"X-Card": "c-99"}], ids=["no card", "unknown card"])
def test_nobody_gets_in_without_a_card(headers: dict[str, str]) -> None:
    assert TestClient(app).get("/me/loans", headers=headers).status_code == 401


def test_the_library_has_its_own_loan_book(loan_book: LoanBook) -> None:
    loan_book.add("Emma", "Ben")
    assert TestClient(app).get("/me/loans", headers={"X-Card": "c-18"}).json() == []
