"""Tests of how many books a reader may have."""

import pytest
from fastapi.testclient import TestClient


# region set_environment: Tests of the limit with LIBRARY_MOST_LOANS and without it.
def borrow(client: TestClient, number: int) -> list[int]:
    """Borrow some books, and list the statuses."""
    return [client.post("/me/loans", json={"book": "Emma"}).status_code for _ in range(number)]


def test_the_limit_is_set_by_a_variable(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRARY_MOST_LOANS", "1")
    assert borrow(client, 2) == [201, 409]


def test_the_limit_is_three_without_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBRARY_MOST_LOANS", raising=False)
    assert borrow(client, 4) == [201, 201, 201, 409]


# endregion
