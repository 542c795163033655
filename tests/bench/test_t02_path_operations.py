"""Ask what the suite of 5.1.2 asks, by hand, with a TestClient."""

import random
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

SHELF = [
    {"title": "The Summer Book", "author": "Tove Jansson", "pages": 166, "id": 1},
    {"title": "Kindred", "author": "Octavia E. Butler", "pages": 264, "id": 2},
    {"title": "The True Deceiver", "author": "Tove Jansson", "pages": 181, "id": 3},
    {"title": "Invisible Cities", "author": "Italo Calvino", "pages": 165, "id": 4},
    {"title": "Fair Play", "author": "Tove Jansson", "pages": 127, "id": 5},
]
LOANS = [
    {"id": 1, "book_id": 2, "reader": "Amina", "late": False},
    {"id": 2, "book_id": 1, "reader": "Jonas", "late": True},
    {"id": 3, "book_id": 2, "reader": "Wei", "late": True},
    {"id": 4, "book_id": 4, "reader": "Amina", "late": False},
]

Book = dict[str, object]


@pytest.fixture
def new_book() -> Book:
    """Invent a book."""
    pages = random.randint(80, 600)
    return {"title": f"A Book of {pages} Pages", "author": "Nobody", "pages": pages}


@pytest.fixture
def unknown() -> int:
    """Pick a number that no book and no loan has."""
    return random.randint(1_000, 9_999)


def test_books_are_listed_lowest_number_first(client: TestClient) -> None:
    """GET /books answers the books."""
    response = client.get("/books")
    assert response.status_code == 200
    assert response.json()[:5] == SHELF


def test_author_narrows_the_list(client: TestClient) -> None:
    """GET /books?author=... answers that author's books only."""
    author = str(random.choice(SHELF)["author"])
    response = client.get("/books", params={"author": author})
    assert response.status_code == 200
    assert response.json() == [book for book in SHELF if book["author"] == author]


def test_limit_caps_what_the_author_left(client: TestClient) -> None:
    """GET /books narrows first and then caps."""
    response = client.get("/books", params={"author": "Tove Jansson", "limit": 2})
    assert response.status_code == 200
    assert response.json() == [SHELF[0], SHELF[2]]


def test_limit_outside_1_to_100_is_refused(client: TestClient) -> None:
    """GET /books refuses a limit out of bounds."""
    for limit in (0, 101):
        response = client.get("/books", params={"limit": limit})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["query", "limit"]


def test_loans_of_one_book_are_listed(client: TestClient) -> None:
    """GET /books/{book_id}/loans answers the loans of that book."""
    book_id = random.choice([1, 2, 4])
    response = client.get(f"/books/{book_id}/loans")
    assert response.status_code == 200
    assert response.json() == [loan for loan in LOANS if loan["book_id"] == book_id]


def test_book_without_loans_has_an_empty_list(client: TestClient) -> None:
    """A book that was never lent has an empty list."""
    response = client.get(f"/books/{random.choice([3, 5])}/loans")
    assert response.status_code == 200
    assert response.json() == []


def test_loans_of_an_unknown_book_are_not_found(client: TestClient, unknown: int) -> None:
    """The loans of an unknown book are a 404."""
    response = client.get(f"/books/{unknown}/loans")
    assert response.status_code == 404
    assert response.json() == {"detail": f"No book {unknown}"}


def test_late_loans_are_listed(client: TestClient) -> None:
    """GET /loans/late answers the late loans."""
    response = client.get("/loans/late")
    assert response.status_code == 200
    assert response.json() == [loan for loan in LOANS if loan["late"]]


def test_one_loan_can_still_be_read(client: TestClient, unknown: int) -> None:
    """GET /loans/{loan_id} answers one loan."""
    loan = random.choice(LOANS)
    response = client.get(f"/loans/{loan['id']}")
    assert response.status_code == 200
    assert response.json() == loan
    assert client.get(f"/loans/{unknown}").status_code == 404


def test_loan_number_stays_an_integer(client: TestClient) -> None:
    """GET /loans/{loan_id} refuses a word."""
    response = client.get("/loans/shelf")
    assert response.status_code == 422


def test_new_book_is_answered_with_201(client: TestClient, new_book: Book) -> None:
    """POST /books answers 201 and the book."""
    response = client.post("/books", json=new_book)
    assert response.status_code == 201
    assert response.json() == {**new_book, "id": response.json()["id"]}


def test_location_leads_to_the_new_book(client: TestClient, new_book: Book) -> None:
    """The Location header leads to the new book."""
    response = client.post("/books", json=new_book)
    assert response.status_code == 201
    address = urlsplit(response.headers["location"]).path
    assert address == f"/books/{response.json()['id']}"
    assert client.get(address).json() == response.json()


def test_same_post_twice_makes_two_books(client: TestClient, new_book: Book) -> None:
    """Two POST requests make two books."""
    first, second = (client.post("/books", json=new_book) for _ in range(2))
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_book_without_a_title_is_refused(client: TestClient, new_book: Book) -> None:
    """POST /books wants a title."""
    del new_book["title"]
    response = client.post("/books", json=new_book)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "title"]


def test_put_replaces_the_whole_book(client: TestClient, new_book: Book) -> None:
    """PUT replaces all of a book."""
    del new_book["pages"]
    response = client.put("/books/7", json=new_book)
    assert response.status_code == 200
    assert response.json() == {**new_book, "pages": None, "id": 7}
    assert client.get("/books/7").json() == response.json()


def test_same_put_twice_changes_nothing_more(client: TestClient, new_book: Book) -> None:
    """PUT twice leaves one book."""
    client.put("/books/7", json=new_book)
    again = client.put("/books/7", json=new_book)
    assert again.status_code == 200
    assert again.json() == {**new_book, "id": 7}


def test_put_creates_no_book(client: TestClient, new_book: Book) -> None:
    """PUT to an unknown number stores nothing."""
    number = random.randint(10_000, 99_999)
    response = client.put(f"/books/{number}", json=new_book)
    assert response.status_code == 404
    assert client.get(f"/books/{number}").status_code == 404


def test_removal_is_answered_with_204_and_no_body(client: TestClient) -> None:
    """DELETE answers 204 without a body."""
    response = client.delete("/books/8")
    assert response.status_code == 204
    assert response.content == b""


def test_removed_book_is_gone(client: TestClient) -> None:
    """A removed book is a 404."""
    assert client.delete("/books/6").status_code == 204
    assert client.get("/books/6").status_code == 404


def test_unknown_book_cannot_be_removed(client: TestClient, unknown: int) -> None:
    """DELETE of an unknown book is a 404."""
    response = client.delete(f"/books/{unknown}")
    assert response.status_code == 404
