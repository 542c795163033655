"""What 5.1.2 asks: books and loans behind the right methods, paths and status codes.

The lab starts with eight books. Checks that change a book own it: 6 and 8 are removed, 7 is
replaced; 1 to 5 stay as they are, so that each `curl` of a card works on a fresh lab.
"""

import random
from urllib.parse import urlsplit

import pytest

from checker.judge.api import Fake, Lab

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


@pytest.fixture
def new_book(fake: Fake) -> dict[str, object]:
    """Invent a book that no answer can know."""
    book = fake.book()
    return {"title": book["title"], "author": book["author"], "pages": book["pages"]}


@pytest.fixture
def unknown(rng: random.Random) -> int:
    """Pick a number that no book and no loan has."""
    return rng.randint(1_000, 9_999)


@pytest.mark.task("list_books")
def test_books_are_listed_lowest_number_first(lab: Lab) -> None:
    """GET /books answers 200 and the books, lowest number first."""
    response = lab.get("/books")
    assert response.status_code == 200
    assert response.json()[:5] == SHELF


@pytest.mark.task("list_books")
def test_author_narrows_the_list(lab: Lab, rng: random.Random) -> None:
    """GET /books?author=... answers that author's books only."""
    author = rng.choice(SHELF)["author"]
    response = lab.get("/books", params={"author": author})
    assert response.status_code == 200
    assert response.json() == [book for book in SHELF if book["author"] == author]


@pytest.mark.task("list_books")
def test_limit_caps_what_the_author_left(lab: Lab) -> None:
    """GET /books?author=...&limit=... narrows by author first and then caps."""
    response = lab.get("/books", params={"author": "Tove Jansson", "limit": 2})
    assert response.status_code == 200
    assert response.json() == [SHELF[0], SHELF[2]]


@pytest.mark.task("list_books")
def test_limit_outside_1_to_100_is_refused(lab: Lab) -> None:
    """GET /books refuses a limit below 1 or above 100 with 422."""
    for limit in (0, 101):
        response = lab.get("/books", params={"limit": limit})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["query", "limit"]


@pytest.mark.task("list_book_loans")
def test_loans_of_one_book_are_listed(lab: Lab, rng: random.Random) -> None:
    """GET /books/{book_id}/loans answers 200 and the loans of that book."""
    book_id = rng.choice([1, 2, 4])
    response = lab.get(f"/books/{book_id}/loans")
    assert response.status_code == 200
    assert response.json() == [loan for loan in LOANS if loan["book_id"] == book_id]


@pytest.mark.task("list_book_loans")
def test_book_without_loans_has_an_empty_list(lab: Lab, rng: random.Random) -> None:
    """A book that was never lent has an empty list of loans, which is not an error."""
    response = lab.get(f"/books/{rng.choice([3, 5])}/loans")
    assert response.status_code == 200
    assert response.json() == []


@pytest.mark.task("list_book_loans")
def test_loans_of_an_unknown_book_are_not_found(lab: Lab, unknown: int) -> None:
    """The loans of a book that does not exist are answered with 404."""
    response = lab.get(f"/books/{unknown}/loans")
    assert response.status_code == 404
    assert response.json() == {"detail": f"No book {unknown}"}


@pytest.mark.task("list_late_loans")
def test_late_loans_are_listed(lab: Lab) -> None:
    """GET /loans/late answers 200 and the late loans."""
    response = lab.get("/loans/late")
    assert response.status_code == 200
    assert response.json() == [loan for loan in LOANS if loan["late"]]


@pytest.mark.task("list_late_loans")
def test_one_loan_can_still_be_read(lab: Lab, rng: random.Random, unknown: int) -> None:
    """GET /loans/{loan_id} still answers one loan, and 404 for a number that no loan has."""
    loan = rng.choice(LOANS)
    response = lab.get(f"/loans/{loan['id']}")
    assert response.status_code == 200
    assert response.json() == loan
    assert lab.get(f"/loans/{unknown}").status_code == 404


@pytest.mark.task("list_late_loans")
def test_loan_number_stays_an_integer(lab: Lab, fake: Fake) -> None:
    """GET /loans/{loan_id} still refuses a loan_id that is no number with 422."""
    response = lab.get(f"/loans/{fake.word()}")
    assert response.status_code == 422


@pytest.mark.task("create_book")
def test_new_book_is_answered_with_201(lab: Lab, new_book: dict[str, object]) -> None:
    """POST /books answers 201 and the book with its new number."""
    response = lab.post("/books", json=new_book)
    assert response.status_code == 201
    assert response.json() == {**new_book, "id": response.json()["id"]}


@pytest.mark.task("create_book")
def test_location_leads_to_the_new_book(lab: Lab, new_book: dict[str, object]) -> None:
    """POST /books says in its Location header where the new book can be read."""
    response = lab.post("/books", json=new_book)
    assert response.status_code == 201
    address = urlsplit(response.headers["location"]).path
    assert address == f"/books/{response.json()['id']}"
    assert lab.get(address).json() == response.json()


@pytest.mark.task("create_book")
def test_same_post_twice_makes_two_books(lab: Lab, new_book: dict[str, object]) -> None:
    """POST /books with the same body twice makes two books, each with a number of its own."""
    first, second = (lab.post("/books", json=new_book) for _ in range(2))
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


@pytest.mark.task("create_book")
def test_book_without_a_title_is_refused(lab: Lab, new_book: dict[str, object]) -> None:
    """POST /books refuses a book without a title with 422."""
    del new_book["title"]
    response = lab.post("/books", json=new_book)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "title"]


@pytest.mark.task("replace_book")
def test_put_replaces_the_whole_book(lab: Lab, new_book: dict[str, object]) -> None:
    """PUT /books/{book_id} answers 200 and the new book; pages that were not sent are gone."""
    del new_book["pages"]
    response = lab.put("/books/7", json=new_book)
    assert response.status_code == 200
    assert response.json() == {**new_book, "pages": None, "id": 7}
    assert lab.get("/books/7").json() == response.json()


@pytest.mark.task("replace_book")
def test_same_put_twice_changes_nothing_more(lab: Lab, new_book: dict[str, object]) -> None:
    """PUT /books/{book_id} with the same body twice leaves one book, under the same number."""
    lab.put("/books/7", json=new_book)
    again = lab.put("/books/7", json=new_book)
    assert again.status_code == 200
    assert again.json() == {**new_book, "id": 7}


@pytest.mark.task("replace_book")
def test_put_creates_no_book(lab: Lab, new_book: dict[str, object], rng: random.Random) -> None:
    """PUT to a number that no book has answers 404 and stores nothing."""
    number = rng.randint(10_000, 99_999)
    response = lab.put(f"/books/{number}", json=new_book)
    assert response.status_code == 404
    assert lab.get(f"/books/{number}").status_code == 404


@pytest.mark.task("remove_book")
def test_removal_is_answered_with_204_and_no_body(lab: Lab) -> None:
    """DELETE /books/{book_id} answers 204 without a body."""
    response = lab.delete("/books/8")
    assert response.status_code == 204
    assert response.content == b""


@pytest.mark.task("remove_book")
def test_removed_book_is_gone(lab: Lab) -> None:
    """A removed book can no longer be read."""
    removal = lab.delete("/books/6")
    assert removal.status_code == 204
    read = lab.get("/books/6")
    assert read.status_code == 404, "The removed book can still be read: DELETE left it there."


@pytest.mark.task("remove_book")
def test_unknown_book_cannot_be_removed(lab: Lab, unknown: int) -> None:
    """DELETE for a number that no book has answers 404."""
    response = lab.delete(f"/books/{unknown}")
    assert response.status_code == 404
