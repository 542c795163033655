"""Tests of the list of loans."""

from fastapi.testclient import TestClient

EMMA = {"title": "Emma", "reader": "Ada", "kind": "book", "day": "2026-06-01"}
ALIEN = {"title": "Alien", "reader": "Ada", "kind": "film", "day": "2026-06-01"}
JAWS = {"title": "Jaws", "reader": "Bo", "kind": "film", "day": "2026-06-20"}


def titles(client: TestClient, **query: str) -> list[str]:
    """Lend three things, and list the titles of the loans that a query finds."""
    for loan in (EMMA, ALIEN, JAWS):
        assert client.post("/loans", json=loan).status_code == 201
    response = client.get("/loans", params=query)
    assert response.status_code == 200
    return [loan["title"] for loan in response.json()]


def test_all_parameters_at_once(client: TestClient) -> None:
    assert titles(client, reader="Ada", kind="film", late_on="2026-06-09") == ["Alien"]


# region cover_branches: Tests that go past each `if` of `list_loans`.


# endregion
