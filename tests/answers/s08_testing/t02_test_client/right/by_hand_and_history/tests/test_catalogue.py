"""Tests of the catalogue; they are right, and need the fixture `client`."""

from fastapi.testclient import TestClient


def test_the_catalogue_is_filled_at_the_start(client: TestClient) -> None:
    titles = [book["title"] for book in client.get("/books").json()]
    assert titles == ["Emma", "Dracula", "Ulysses"]


def test_a_book_has_no_reviews_at_first(client: TestClient) -> None:
    assert client.get("/books/1/reviews").json() == []


def test_a_review_is_kept(client: TestClient) -> None:
    client.post("/books/1/reviews", json={"stars": 5})
    assert client.get("/books/1/reviews").json() == [
        {"reader": "anonymous", "stars": 5, "text": ""}
    ]
