"""Tests of returning what was borrowed."""

from fastapi.testclient import TestClient

from library.rules import fine

LOAN = {"title": "Alien", "reader": "Ada", "kind": "film", "day": "2026-06-01"}


# region assert_more: Tests that say what is right, for each line that they run.
def test_return(client: TestClient) -> None:
    client.post("/loans", json=LOAN)
    response = client.post("/loans/1/return", json={"day": "2026-06-13"})
    assert response.status_code == 200
    assert response.json()["fine"] == 20
    assert client.get("/loans").json()[0]["returned"] == "2026-06-13"


def test_return_twice(client: TestClient) -> None:
    client.post("/loans", json=LOAN)
    client.post("/loans/1/return", json={"day": "2026-06-13"})
    response = client.post("/loans/1/return", json={"day": "2026-06-14"})
    assert response.status_code == 409


def test_return_what_was_never_lent(client: TestClient) -> None:
    response = client.post("/loans/1/return", json={"day": "2026-06-13"})
    assert response.status_code == 404


def test_fine() -> None:
    assert fine(3) == 0
    assert fine(4) == 10
    assert fine(400) == 500


# endregion
