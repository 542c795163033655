"""Tests of returning what was borrowed."""

from fastapi.testclient import TestClient

from library.rules import fine

LOAN = {"title": "Alien", "reader": "Ada", "kind": "film", "day": "2026-06-01"}


# region assert_more: Tests that say what is right, for each line that they run.
def test_return(client: TestClient) -> None:
    client.post("/loans", json=LOAN)
    client.post("/loans/1/return", json={"day": "2026-06-13"})
    client.post("/loans/1/return", json={"day": "2026-06-14"})
    client.post("/loans/2/return", json={"day": "2026-06-14"})


def test_fine() -> None:
    fine(3)
    fine(400)


# endregion
