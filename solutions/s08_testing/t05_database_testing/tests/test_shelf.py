"""Tests of books in the database; they are right, each by itself."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from library.models import Book
from library.shelf import Refused, add_book, search

EMMA = 9780141439587
WALDEN = 9780691096124


def test_a_new_shelf_is_empty(session: Session) -> None:
    assert search(session, "") == []


def test_books_are_found_by_title(session: Session) -> None:
    add_book(session, WALDEN, "Walden")
    add_book(session, EMMA, "Emma")
    assert [book.title for book in search(session, "")] == ["Emma", "Walden"]


def test_an_isbn_is_taken_once(session: Session) -> None:
    session.add(Book(isbn=EMMA, title="Emma"))
    session.commit()
    with pytest.raises(Refused):
        add_book(session, EMMA, "Emma, again")
    assert session.scalars(select(Book.title)).all() == ["Emma"]
