"""Tests of the catalogue; they are right, each by itself."""

from fastapi.testclient import TestClient


def test_a_new_catalogue_is_empty(client: TestClient) -> None:
    assert client.get("/books").json() == []


def test_the_first_book_has_the_number_one(client: TestClient) -> None:
    response = client.post("/books", json={"title": "Emma"})
    assert response.json()["id"] == 1


def test_books_are_listed_by_title(client: TestClient) -> None:
    client.post("/books", json={"title": "Middlemarch"})
    client.post("/books", json={"title": "Emma"})
    assert [book["title"] for book in client.get("/books").json()] == ["Emma", "Middlemarch"]
