"""Tests of single books, over HTTP."""

from fastapi.testclient import TestClient

from library.app import create_app

# region ask_the_app: Tests of adding, reading and removing a book.
EMMA = {"title": "Emma", "author": "Jane Austen"}


def fill() -> TestClient:
    """Give a client of an app with two books."""
    client = TestClient(create_app())
    for number, book in enumerate([EMMA, EMMA | {"title": "Persuasion"}], start=1):
        response = client.post("/books", json=book)
        assert response.status_code == 201
        assert response.json() == book | {"id": number}
    return client


def test_reading() -> None:
    client = fill()
    assert client.get("/books/1").json() == EMMA | {"id": 1}
    assert client.get("/books/3").status_code == 404


def test_deleting() -> None:
    client = fill()
    assert client.delete("/books/2").status_code == 204
    assert [client.get(f"/books/{number}").status_code for number in (1, 2)] == [200, 404]


# endregion
