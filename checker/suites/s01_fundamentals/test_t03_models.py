"""What 5.1.3 asks: models that refuse what is wrong and give out what they should, no more."""

import random

import pytest

from checker.judge.api import Fake, Lab

AMINA = {"id": 1, "name": "Amina", "email": "amina@example.org"}
JONAS = {"id": 2, "name": "Jonas", "email": "jonas@example.org"}
KINDRED = {"title": "Kindred", "year": 1979}
SOLARIS = {"title": "Solaris", "year": 1961, "megabytes": 1.5}


@pytest.fixture
def book(fake: Fake) -> dict[str, object]:
    """Describe a book as BookIn wants it."""
    return {"title": fake.title(), "pages": 1, "genres": [fake.word(), fake.word()]}


@pytest.fixture
def contact(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Give a contact with a value for each field."""
    return {
        "email": fake.email(),
        "phone": f"+49 30 {rng.randint(100_000, 999_999)}",
        "newsletter": True,
        "nickname": fake.word(),
    }


@pytest.fixture
def audiobook(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Describe an audiobook."""
    return {
        "title": fake.title(),
        "year": rng.randint(1950, 2024),
        "narrator": fake.name(),
        "minutes": rng.randint(1, 900),
    }


@pytest.fixture
def loan(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Ask for two books at an address."""
    return {
        "reader_id": rng.randint(1, 99),
        "lines": [{"book_id": rng.randint(1, 99), "days": days} for days in (1, 28)],
        "deliver_to": {"street": fake.word(), "city": fake.word()},
    }


@pytest.mark.task("describe_book")
def test_book_is_taken_in(lab: Lab, book: dict[str, object]) -> None:
    """POST /books takes a book of one page and two genres."""
    response = lab.post("/books", json=book)
    assert response.status_code == 201
    assert response.json() == book


@pytest.mark.task("describe_book")
def test_genres_may_be_left_out(lab: Lab, book: dict[str, object]) -> None:
    """A book without genres has an empty list of them."""
    del book["genres"]
    response = lab.post("/books", json=book)
    assert response.status_code == 201
    assert response.json() == {**book, "genres": []}


@pytest.mark.task("describe_book")
def test_title_has_1_to_120_characters(lab: Lab, book: dict[str, object]) -> None:
    """A title of 120 characters is fine; an empty one and one of 121 are refused with 422."""
    assert lab.post("/books", json={**book, "title": "x" * 120}).status_code == 201
    for title in ("", "x" * 121):
        response = lab.post("/books", json={**book, "title": title})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "title"]


@pytest.mark.task("describe_book")
def test_book_has_a_page_or_more(lab: Lab, book: dict[str, object], rng: random.Random) -> None:
    """A book of 0 pages or fewer is refused with 422."""
    for pages in (0, -rng.randint(1, 500)):
        response = lab.post("/books", json={**book, "pages": pages})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "pages"]


@pytest.mark.task("describe_book")
def test_book_has_3_genres_at_most(lab: Lab, book: dict[str, object], fake: Fake) -> None:
    """A book with a fourth genre is refused with 422."""
    response = lab.post("/books", json={**book, "genres": [fake.word() for _ in range(4)]})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "genres"]


@pytest.mark.task("set_contact")
def test_email_is_required(lab: Lab, contact: dict[str, object]) -> None:
    """The email must be sent and must not be null."""
    response = lab.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == contact
    assert lab.put("/readers/1/contact", json={**contact, "email": None}).status_code == 422
    del contact["email"]
    assert lab.put("/readers/1/contact", json=contact).status_code == 422


@pytest.mark.task("set_contact")
def test_phone_is_required_and_may_be_null(lab: Lab, contact: dict[str, object]) -> None:
    """The phone must be sent, but may be null: this reader has none."""
    response = lab.put("/readers/1/contact", json={**contact, "phone": None})
    assert response.status_code == 200
    assert response.json() == {**contact, "phone": None}
    del contact["phone"]
    response = lab.put("/readers/1/contact", json=contact)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "phone"]


@pytest.mark.task("set_contact")
def test_newsletter_may_be_left_out_but_not_null(lab: Lab, contact: dict[str, object]) -> None:
    """The newsletter is false if it is not sent, and must not be null."""
    response = lab.put("/readers/1/contact", json={**contact, "newsletter": None})
    assert response.status_code == 422
    del contact["newsletter"]
    response = lab.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == {**contact, "newsletter": False}


@pytest.mark.task("set_contact")
def test_nickname_may_be_left_out_and_null(lab: Lab, contact: dict[str, object]) -> None:
    """The nickname is null if it is not sent, and may be sent as null."""
    expected = {**contact, "nickname": None}
    response = lab.put("/readers/1/contact", json=expected)
    assert response.status_code == 200
    assert response.json() == expected
    del contact["nickname"]
    response = lab.put("/readers/1/contact", json=contact)
    assert response.status_code == 200
    assert response.json() == expected


@pytest.mark.task("show_reader")
def test_signing_up_does_not_give_the_password_back(lab: Lab, fake: Fake) -> None:
    """POST /readers answers 201 with id, name and email, nothing else."""
    person = {"name": fake.name(), "email": fake.email()}
    response = lab.post("/readers", json={**person, "password": fake.word()})
    assert response.status_code == 201
    assert response.json() == {"id": response.json()["id"], **person}


@pytest.mark.task("show_reader")
def test_reader_is_read_without_the_hash(lab: Lab, rng: random.Random) -> None:
    """GET /readers/{reader_id} answers id, name and email, nothing else."""
    reader = rng.choice([AMINA, JONAS])
    response = lab.get(f"/readers/{reader['id']}")
    assert response.status_code == 200
    assert response.json() == reader


@pytest.mark.task("show_reader")
def test_club_shows_its_members_without_the_hash(lab: Lab) -> None:
    """GET /club answers its members with id, name and email, nothing else."""
    response = lab.get("/club")
    assert response.status_code == 200
    assert response.json()["members"][:2] == [AMINA, JONAS]


@pytest.mark.task("add_audiobook")
def test_audiobook_is_taken_in_whole(lab: Lab, audiobook: dict[str, object]) -> None:
    """POST /audiobooks answers 201 with title, year, narrator and minutes."""
    response = lab.post("/audiobooks", json=audiobook)
    assert response.status_code == 201
    assert response.json() == audiobook


@pytest.mark.task("add_audiobook")
def test_audiobook_obeys_the_rules_of_a_medium(lab: Lab, audiobook: dict[str, object]) -> None:
    """An audiobook with an empty title is refused with 422, as any medium."""
    response = lab.post("/audiobooks", json={**audiobook, "title": ""})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "title"]


@pytest.mark.task("add_audiobook")
def test_audiobook_lasts_a_minute_or_more(lab: Lab, audiobook: dict[str, object]) -> None:
    """An audiobook of 0 minutes is refused with 422."""
    response = lab.post("/audiobooks", json={**audiobook, "minutes": 0})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "minutes"]


@pytest.mark.task("list_media")
def test_media_keep_the_fields_of_their_kind(lab: Lab) -> None:
    """GET /media answers the e-book with its megabytes."""
    response = lab.get("/media")
    assert response.status_code == 200
    assert response.json()[:2] == [KINDRED, SOLARIS]


@pytest.mark.task("list_media")
def test_new_audiobook_is_listed_as_it_was_answered(lab: Lab, audiobook: dict[str, object]) -> None:
    """GET /media answers a new audiobook with the same fields as POST /audiobooks did."""
    added = lab.post("/audiobooks", json=audiobook)
    response = lab.get("/media")
    assert response.status_code == 200
    assert response.json()[-1] == added.json()


@pytest.mark.task("create_loan")
def test_loan_is_taken_in_whole(lab: Lab, loan: dict[str, object]) -> None:
    """POST /loans answers 201 with the reader, the lines and the address."""
    response = lab.post("/loans", json=loan)
    assert response.status_code == 201
    assert response.json() == loan


@pytest.mark.task("create_loan")
def test_address_may_be_left_out(lab: Lab, loan: dict[str, object]) -> None:
    """A loan that is not delivered has null for its address."""
    del loan["deliver_to"]
    response = lab.post("/loans", json=loan)
    assert response.status_code == 201
    assert response.json() == {**loan, "deliver_to": None}


@pytest.mark.task("create_loan")
def test_address_needs_a_city(lab: Lab, loan: dict[str, object], fake: Fake) -> None:
    """An address without a city is refused with 422."""
    response = lab.post("/loans", json={**loan, "deliver_to": {"street": fake.word()}})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "deliver_to", "city"]


@pytest.mark.task("create_loan")
def test_each_line_is_checked(lab: Lab, loan: dict[str, object]) -> None:
    """A second line of 0 or 29 days is refused with 422."""
    for days in (0, 29):
        lines = [{"book_id": 1, "days": 7}, {"book_id": 2, "days": days}]
        response = lab.post("/loans", json={**loan, "lines": lines})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "lines", 1, "days"]


@pytest.mark.task("create_loan")
def test_loan_has_1_to_3_lines(lab: Lab, loan: dict[str, object]) -> None:
    """A loan of no line, and one of four, is refused with 422."""
    for count in (0, 4):
        response = lab.post("/loans", json={**loan, "lines": [{"book_id": 1, "days": 7}] * count})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "lines"]
