"""Tests of days on which the model fails."""

from collections.abc import Callable

import httpx2
import pytest


def lend(client: httpx2.Client, text: str) -> str:
    """Add a book and lend it; give the path for questions about it."""
    book = client.post("/books", json={"title": "A Book", "text": text}).json()["id"]
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"}).json()["id"]
    return f"/loans/{loan}/questions"


# region let_it_fail: Tests of what readers are told when the model fails, and of the time after it.
LetFail = Callable[[str], None]
ASK = {"question": "How many steps has the lighthouse?"}


def test_a_busy_model_says_when_to_come_back(client: httpx2.Client, let_fail: LetFail) -> None:
    questions = lend(client, "The lighthouse has 151 steps.")
    let_fail("refuse; status=429; retry_after=7")
    response = client.post(questions, json=ASK)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "7"


@pytest.mark.parametrize("fault", ["refuse; status=500", "cut", "garble"])
def test_a_failure_is_told_and_not_kept(
    client: httpx2.Client, let_fail: LetFail, fault: str
) -> None:
    questions = lend(client, "The lighthouse has 151 steps.")
    let_fail(fault)
    assert client.post(questions, json=ASK).status_code == 502
    let_fail("")
    answer = client.post(questions, json=ASK)
    assert answer.status_code == 200
    assert not answer.json()["cached"]


# endregion
