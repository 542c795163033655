"""What 5.1.1 asks."""

import random

import pytest

from checker.judge.api import Lab


@pytest.mark.task("list_books")
def test_all_books_are_listed(lab: Lab) -> None:
    """GET /books lists every book."""
    response = lab.get("/books")
    assert response.status_code == 200
    assert response.json() == {"books": [{"id": 1, "title": "Emma"}, {"id": 2, "title": "Ulysses"}]}


@pytest.mark.task("find_book")
def test_a_book_is_found_by_its_id(lab: Lab) -> None:
    """GET /books/2 answers with that book."""
    response = lab.get("/books/2")
    assert response.status_code == 200
    assert response.json() == {"id": 2, "title": "Ulysses"}


@pytest.mark.task("find_book")
def test_an_unknown_book_is_a_404(lab: Lab, rng: random.Random) -> None:
    """GET /books/{book_id} answers 404 when there is no such book."""
    response = lab.get(f"/books/{rng.randint(100, 999)}")
    assert response.status_code == 404
