"""Which route was meant by a request that no route has taken."""

import pytest

from checker.judge.diagnosis.routes import matches, nearest
from tests.judge.diagnosis.failures import route


@pytest.mark.parametrize(
    "template, path, fits",
    [
        ("/books/{book_id}", "/books/3", True),
        ("/books/{book_id}", "/books/3/loans", False),
        ("/files/{name:path}", "/files/a/b", True),
        ("/books", "/books?limit=3", True),
        ("/a.b", "/axb", False),
    ],
)
def test_a_template_fits_a_path(template: str, path: str, fits: bool) -> None:
    assert matches(route("GET", template), path) is fits


@pytest.mark.parametrize(
    "template, path, word",
    [
        ("/books/", "/books", "slash"),
        ("/Books", "/books", "Capital"),
        ("/books/book_id", "/books/3", "braces"),
        ("/books", "/api/books", "begins with `/api`"),
        ("/books/books", "/books", "prefix"),
        ("/{book_id}/books", "/books/3", "order"),
    ],
)
def test_what_sets_the_nearest_route_apart_is_named(template: str, path: str, word: str) -> None:
    near = nearest([route("GET", "/other"), route("GET", template)], "GET", path)
    assert near is not None
    assert near.route["path"] == template
    assert word in near.difference


def test_a_misspelt_path_is_near() -> None:
    near = nearest([route("POST", "/book"), route("GET", "/slow")], "POST", "/books")
    assert near is not None
    assert near.route["path"] == "/book"


def test_a_route_with_nothing_in_common_is_not_near() -> None:
    assert nearest([route("GET", "/slow"), route("GET", "/books/{id}")], "GET", "/reader") is None
    assert nearest([], "GET", "/reader") is None
