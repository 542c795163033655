"""What 5.1.2 asks."""

import random

import pytest

from checker.judge.api import Lab


@pytest.mark.task("lend_book")
def test_a_loan_is_answered_with_201(lab: Lab, rng: random.Random) -> None:
    """POST /loans answers 201 with the loan and its id."""
    book = rng.randint(1, 99)
    response = lab.post("/loans", json={"book": book, "reader": "Ada"})
    assert response.status_code == 201
    loan = response.json()
    assert loan == {"id": loan.get("id"), "book": book, "reader": "Ada"}
    assert isinstance(loan["id"], int), "The loan has an id, a whole number."


@pytest.mark.task("return_book")
def test_a_loan_can_be_returned_once(lab: Lab) -> None:
    """DELETE /loans/{loan_id} answers 204, and 404 the second time."""
    loan = lab.post("/loans", json={"book": 1, "reader": "Ada"}).json()
    first = lab.delete(f"/loans/{loan['id']}")
    assert first.status_code == 204
    second = lab.delete(f"/loans/{loan['id']}")
    assert second.status_code == 404
