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
FAULTS = [
    ("refuse; status=429; retry_after=3", 503, "3"),
    ("refuse; status=503", 502, None),
    ("cut", 502, None),
]


@pytest.mark.parametrize("fault, status, wait", FAULTS)
def test_fault(
    client: httpx2.Client,
    let_fail: Callable[[str], None],
    fault: str,
    status: int,
    wait: str | None,
) -> None:
    path = lend(client, "Ada came.")
    let_fail(fault)
    answers = [client.post(path, json={"question": "Who came?"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [status, status]
    assert answers[0].headers.get("retry-after") == wait


# endregion
