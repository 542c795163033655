"""Tests of how many books a reader may have."""

import pytest
from fastapi.testclient import TestClient

from library.loans import LoanBook


# region set_environment: Tests of the limit with LIBRARY_MOST_LOANS and without it.
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_the_variable_counts(
    limit: int, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_MOST_LOANS", str(limit))
    statuses = [client.post("/me/loans", json={"book": "Emma"}).status_code for _ in range(6)]
    assert statuses.count(201) == limit


def test_the_usual_limit(
    client: TestClient, loan_book: LoanBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIBRARY_MOST_LOANS", raising=False)
    for book in ("Emma", "Walden", "The Trial"):
        loan_book.add(book, "Ada")
    assert client.post("/me/loans", json={"book": "Amerika"}).status_code == 409


# endregion
