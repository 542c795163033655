"""Ask what the suite of 5.1.3 asks, by hand, with a TestClient."""

import random

import pytest
from fastapi.testclient import TestClient

from tests.bench import invent

AMINA = {"id": 1, "name": "Amina", "email": "amina@example.org"}
JONAS = {"id": 2, "name": "Jonas", "email": "jonas@example.org"}
KINDRED = {"title": "Kindred", "year": 1979}
SOLARIS = {"title": "Solaris", "year": 1961, "megabytes": 1.5}


@pytest.fixture
def book() -> dict[str, object]:
    """Describe a book as BookIn wants it."""
    return {"title": invent.title(), "pages": 1, "genres": [invent.word(), invent.word()]}


@pytest.fixture
def contact() -> dict[str, object]:
    """Give a contact with a value for each field."""
    return {
        "email": invent.email(),
        "phone": f"+49 30 {random.randint(100_000, 999_999)}",
        "newsletter": True,
        "nickname": invent.word(),
    }


@pytest.fixture
def audiobook() -> dict[str, object]:
    """Describe an audiobook."""
    return {
        "title": invent.title(),
        "year": random.randint(1950, 2024),
        "narrator": invent.name(),
        "minutes": random.randint(1, 900),
    }


@pytest.fixture
def loan() -> dict[str, object]:
    """Ask for two books at an address."""
    return {
        "reader_id": random.randint(1, 99),
        "lines": [{"book_id": random.randint(1, 99), "days": days} for days in (1, 28)],
        "deliver_to": {"street": invent.word(), "city": invent.word()},
    }


def test_book_is_taken_in(client: TestClient, book: dict[str, object]) -> None:
    """POST /books takes a book of one page and two genres."""
    response = client.post("/books", json=book)
    assert response.status_code == 201
    assert response.json() == book


def test_genres_may_be_left_out(client: TestClient, book: dict[str, object]) -> None:
    """A book without genres has an empty list of them."""
    del book["genres"]
    response = client.post("/books", json=book)
    assert response.status_code == 201
    assert response.json() == {**book, "genres": []}


def test_title_has_1_to_120_characters(client: TestClient, book: dict[str, object]) -> None:
    """A title of 120 characters is fine; an empty one and one of 121 are refused with 422."""
    assert client.post("/books", json={**book, "title": "x" * 120}).status_code == 201
    for title in ("", "x" * 121):
        response = client.post("/books", json={**book, "title": title})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "title"]


def test_book_has_a_page_or_more(client: TestClient, book: dict[str, object]) -> None:
    """A book of 0 pages or fewer is refused with 422."""
    for pages in (0, -random.randint(1, 500)):
        response = client.post("/books", json={**book, "pages": pages})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "pages"]


def test_book_has_3_genres_at_most(client: TestClient, book: dict[str, object]) -> None:
    """A book with a fourth genre is refused with 422."""
    response = client.post("/books", json={**book, "genres": [invent.word() for _ in range(4)]})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "genres"]


def test_email_is_required(client: TestClient, contact: dict[str, object]) -> None:
    """The email must be sent and must not be null."""
    response = client.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == contact
    assert client.put("/readers/1/contact", json={**contact, "email": None}).status_code == 422
    del contact["email"]
    assert client.put("/readers/1/contact", json=contact).status_code == 422


def test_phone_is_required_and_may_be_null(client: TestClient, contact: dict[str, object]) -> None:
    """The phone must be sent, but may be null: this reader has none."""
    response = client.put("/readers/1/contact", json={**contact, "phone": None})
    assert response.status_code == 200
    assert response.json() == {**contact, "phone": None}
    del contact["phone"]
    response = client.put("/readers/1/contact", json=contact)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "phone"]


def test_newsletter_may_be_left_out_but_not_null(
    client: TestClient, contact: dict[str, object]
) -> None:
    """The newsletter is false if it is not sent, and must not be null."""
    response = client.put("/readers/1/contact", json={**contact, "newsletter": None})
    assert response.status_code == 422
    del contact["newsletter"]
    response = client.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == {**contact, "newsletter": False}


def test_nickname_may_be_left_out_and_null(client: TestClient, contact: dict[str, object]) -> None:
    """The nickname is null if it is not sent, and may be sent as null."""
    expected = {**contact, "nickname": None}
    response = client.put("/readers/1/contact", json=expected)
    assert response.status_code == 200
    assert response.json() == expected
    del contact["nickname"]
    response = client.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == expected


def test_signing_up_does_not_give_the_password_back(client: TestClient) -> None:
    """POST /readers answers 201 with id, name and email, nothing else."""
    person = {"name": invent.name(), "email": invent.email()}
    response = client.post("/readers", json={**person, "password": invent.word()})
    assert response.status_code == 201
    assert response.json() == {"id": response.json()["id"], **person}


def test_reader_is_read_without_the_hash(client: TestClient) -> None:
    """GET /readers/{reader_id} answers id, name and email, nothing else."""
    reader = random.choice([AMINA, JONAS])
    response = client.get(f"/readers/{reader['id']}")
    assert response.status_code == 200
    assert response.json() == reader


def test_club_shows_its_members_without_the_hash(client: TestClient) -> None:
    """GET /club answers its members with id, name and email, nothing else."""
    response = client.get("/club")
    assert response.status_code == 200
    assert response.json()["members"][:2] == [AMINA, JONAS]


def test_audiobook_is_taken_in_whole(client: TestClient, audiobook: dict[str, object]) -> None:
    """POST /audiobooks answers 201 with title, year, narrator and minutes."""
    response = client.post("/audiobooks", json=audiobook)
    assert response.status_code == 201
    assert response.json() == audiobook


def test_audiobook_obeys_the_rules_of_a_medium(
    client: TestClient, audiobook: dict[str, object]
) -> None:
    """An audiobook with an empty title is refused with 422, as any medium."""
    response = client.post("/audiobooks", json={**audiobook, "title": ""})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "title"]


def test_audiobook_lasts_a_minute_or_more(client: TestClient, audiobook: dict[str, object]) -> None:
    """An audiobook of 0 minutes is refused with 422."""
    response = client.post("/audiobooks", json={**audiobook, "minutes": 0})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "minutes"]


def test_media_keep_the_fields_of_their_kind(client: TestClient) -> None:
    """GET /media answers the e-book with its megabytes."""
    response = client.get("/media")
    assert response.status_code == 200
    assert response.json()[:2] == [KINDRED, SOLARIS]


def test_new_audiobook_is_listed_as_it_was_answered(
    client: TestClient, audiobook: dict[str, object]
) -> None:
    """GET /media answers a new audiobook with the same fields as POST /audiobooks did."""
    added = client.post("/audiobooks", json=audiobook)
    response = client.get("/media")
    assert response.status_code == 200
    assert response.json()[-1] == added.json()


def test_loan_is_taken_in_whole(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans answers 201 with the reader, the lines and the address."""
    response = client.post("/loans", json=loan)
    assert response.status_code == 201
    assert response.json() == loan


def test_address_may_be_left_out(client: TestClient, loan: dict[str, object]) -> None:
    """A loan that is not delivered has null for its address."""
    del loan["deliver_to"]
    response = client.post("/loans", json=loan)
    assert response.status_code == 201
    assert response.json() == {**loan, "deliver_to": None}


def test_address_needs_a_city(client: TestClient, loan: dict[str, object]) -> None:
    """An address without a city is refused with 422."""
    response = client.post("/loans", json={**loan, "deliver_to": {"street": invent.word()}})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "deliver_to", "city"]


def test_each_line_is_checked(client: TestClient, loan: dict[str, object]) -> None:
    """A second line of 0 or 29 days is refused with 422."""
    for days in (0, 29):
        lines = [{"book_id": 1, "days": 7}, {"book_id": 2, "days": days}]
        response = client.post("/loans", json={**loan, "lines": lines})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "lines", 1, "days"]


def test_loan_has_1_to_3_lines(client: TestClient, loan: dict[str, object]) -> None:
    """A loan of no line, and one of four, is refused with 422."""
    for count in (0, 4):
        response = client.post(
            "/loans", json={**loan, "lines": [{"book_id": 1, "days": 7}] * count}
        )
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "lines"]
