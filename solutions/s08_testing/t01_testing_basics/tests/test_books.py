"""Tests of single books, over HTTP."""

from fastapi.testclient import TestClient

from library.app import create_app


# region ask_the_app: Tests of adding, reading and removing a book.
def test_a_created_book_comes_back() -> None:
    client = TestClient(create_app())
    response = client.post("/books", json={"title": "  Emma ", "author": "Jane Austen"})
    assert response.status_code == 201
    assert response.json() == {"id": 1, "title": "Emma", "author": "Jane Austen"}
    assert response.headers["Location"] == "/books/1"


def test_a_created_book_can_be_read() -> None:
    client = TestClient(create_app())
    created = client.post("/books", json={"title": "Emma"})
    response = client.get(created.headers["Location"])
    assert response.status_code == 200
    assert response.json() == created.json()


def test_an_unknown_book_is_not_found() -> None:
    client = TestClient(create_app())
    response = client.get("/books/1")
    assert response.status_code == 404
    assert response.json() == {"detail": "No such book."}


def test_a_deleted_book_is_gone() -> None:
    client = TestClient(create_app())
    client.post("/books", json={"title": "Emma"})
    client.post("/books", json={"title": "Persuasion"})
    response = client.delete("/books/1")
    assert response.status_code == 204
    assert client.get("/books/1").status_code == 404
    assert client.get("/books/2").status_code == 200


# endregion
