"""Tests of books over HTTP; they are right, each by itself."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.models import Book

EMMA = {"isbn": 9780141439587, "title": "Emma"}


def test_a_new_library_is_empty(client: TestClient) -> None:
    assert client.get("/books").json() == []


def test_a_book_can_be_found_once_it_is_added(client: TestClient) -> None:
    assert client.post("/books", json=EMMA).status_code == 201
    assert [book["title"] for book in client.get("/books").json()] == ["Emma"]


def test_a_book_of_the_test_is_found(client: TestClient, session: Session) -> None:
    session.add(Book(**EMMA))
    session.commit()
    assert client.post("/books", json=EMMA).status_code == 409
    assert session.scalars(select(Book.title)).all() == ["Emma"]
