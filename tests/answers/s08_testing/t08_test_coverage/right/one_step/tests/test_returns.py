"""Tests of returning what was borrowed."""

from fastapi.testclient import TestClient

from library.rules import fine

LOAN = {"title": "Alien", "reader": "Ada", "kind": "film", "day": "2026-06-01"}


# region assert_more: Tests that say what is right, for each line that they run.
def days_late(client: TestClient, day: str) -> tuple[int, int | None]:
    """Lend Alien until 8 June, return it, and give status and fine."""
    client.post("/loans", json=LOAN)
    response = client.post("/loans/1/return", json={"day": day})
    return response.status_code, response.json().get("fine")


def test_three_days_late(client: TestClient) -> None:
    assert days_late(client, "2026-06-11") == (200, 0)


def test_ten_days_late(client: TestClient) -> None:
    assert days_late(client, "2026-06-18") == (200, 70)
    assert client.post("/loans/1/return", json={"day": "2026-06-19"}).status_code == 409


def test_nothing_to_return(client: TestClient) -> None:
    assert client.post("/loans/5/return", json={"day": "2026-06-19"}).status_code == 404


def test_ceiling() -> None:
    assert fine(54) == 500


# endregion
