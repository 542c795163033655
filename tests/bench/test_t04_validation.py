"""Ask what the suite of 5.1.4 asks, by hand, with a TestClient."""

import random
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from tests.bench import invent

KINDRED = {
    "isbn": "9780807083697",
    "title": "Kindred",
    "language": "en",
    "year": 1979,
    "on_shelf": True,
}
SHELF = ["Kindred", "Ficciones", "Marcovaldo", "The Dispossessed", "Rayuela"]
TRUE = ("true", "yes", "1", "on")
FALSE = ("false", "no", "0", "off")


@pytest.fixture
def review() -> dict[str, object]:
    """Review a book in five words, with two tags."""
    tags = [f"plot{random.randint(10, 99)}", f"index{random.randint(10, 99)}"]
    return {"stars": random.randint(1, 5), "text": invent.sentence(), "tags": tags}


@pytest.fixture
def loan() -> dict[str, object]:
    """Ask for a loan of some days by post."""
    since = date(2026, 1, 1) + timedelta(random.randint(0, 300))
    until = since + timedelta(random.randint(2, 27))
    return {
        "since": str(since),
        "until": str(until),
        "by": "post",
        "address": f"{random.randint(1, 99)} {invent.word()} street",
    }


@pytest.fixture
def payment() -> dict[str, object]:
    """Pay something at the desk."""
    day = date(2026, 1, 1) + timedelta(random.randint(0, 300))
    return {
        "cents": random.randint(2, 900),
        "in_cash": random.choice([True, False]),
        "paid_on": str(day),
    }


@pytest.fixture
def question() -> dict[str, object]:
    """Ask the assistant, with a reader's card that is nobody else's business."""
    return {
        "prompt": f"Who wrote {invent.title()}?",
        "reader_card": f"LC-{random.randint(10**6, 10**7)}",
    }


def days_after(loan: dict[str, object], days: int) -> str:
    """Give the date so many days after the start of a loan."""
    return str(date.fromisoformat(str(loan["since"])) + timedelta(days))


def test_all_books_are_listed_without_filters(client: TestClient) -> None:
    """GET /books answers 200 and every book."""
    response = client.get("/books")
    assert response.status_code == 200
    assert [book["title"] for book in response.json()] == SHELF


def test_on_shelf_is_a_bool_in_any_spelling(client: TestClient) -> None:
    """GET /books?on_shelf=... tells true from false, also when they are spelt yes, no, 1 or 0."""
    for spelling in (random.choice(FALSE), random.choice(TRUE)):
        response = client.get("/books", params={"on_shelf": spelling})
        assert response.status_code == 200
        assert {book["on_shelf"] for book in response.json()} == {spelling in TRUE}


def test_year_can_be_repeated(client: TestClient) -> None:
    """GET /books?year=1944&year=1963 answers the books of both years."""
    response = client.get("/books", params={"year": [1944, 1963]})
    assert response.status_code == 200
    assert [book["title"] for book in response.json()] == ["Ficciones", "Marcovaldo", "Rayuela"]


def test_filter_of_the_wrong_type_is_refused(client: TestClient) -> None:
    """GET /books refuses another language, another bool and a year in words with 422."""
    for name in ("language", "on_shelf", "year"):
        response = client.get("/books", params={name: invent.word()})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"][:2] == ["query", name]


def test_book_is_read_by_its_isbn(client: TestClient) -> None:
    """GET /books/{isbn} answers the book, and 404 for an ISBN that no book has."""
    response = client.get(f"/books/{KINDRED['isbn']}")
    assert response.status_code == 200
    assert response.json() == KINDRED
    assert client.get(f"/books/{invent.isbn()}").status_code == 404


def test_path_takes_only_an_isbn(client: TestClient) -> None:
    """GET /books/{isbn} refuses 12 and 14 digits, another start and letters with 422."""
    isbn = invent.isbn()
    for wrong in (isbn[:-1], isbn + "7", "1" + isbn, "977" + isbn[3:], isbn[:-1] + "x"):
        response = client.get(f"/books/{wrong}")
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["path", "isbn"]


def test_list_takes_5_isbns_as_text(client: TestClient) -> None:
    """POST /reading-lists answers 201 and a list of five, each ISBN still a text."""
    body = {"name": invent.word(), "isbns": [invent.isbn() for _ in range(5)]}
    response = client.post("/reading-lists", json=body)
    assert response.status_code == 201
    assert response.json() == body


def test_each_isbn_of_a_list_is_checked(client: TestClient) -> None:
    """POST /reading-lists refuses a list whose second entry is no ISBN with 422."""
    for wrong in (invent.isbn() + "7", invent.isbn()[:-1] + "x"):
        body = {"name": invent.word(), "isbns": [invent.isbn(), wrong]}
        response = client.post("/reading-lists", json=body)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "isbns", 1]


def test_list_has_1_to_5_isbns(client: TestClient) -> None:
    """POST /reading-lists refuses an empty list and one of six with 422."""
    for count in (0, 6):
        body = {"name": invent.word(), "isbns": [invent.isbn() for _ in range(count)]}
        response = client.post("/reading-lists", json=body)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "isbns"]


def test_review_is_answered_trimmed(client: TestClient, review: dict[str, object]) -> None:
    """POST /reviews answers 201 and the text without the spaces around it."""
    response = client.post("/reviews", json={**review, "text": f"  {review['text']} "})
    assert response.status_code == 201
    assert response.json() == review


def test_tags_are_answered_in_lower_case(client: TestClient, review: dict[str, object]) -> None:
    """POST /reviews answers the tags in lower case."""
    tag = invent.word()
    response = client.post("/reviews", json={**review, "tags": [tag.upper()]})
    assert response.status_code == 201
    assert response.json() == {**review, "tags": [tag]}


def test_review_of_2_words_is_refused(client: TestClient, review: dict[str, object]) -> None:
    """POST /reviews refuses a text of 2 words, however many spaces there are, and says why."""
    for text in (
        f"{invent.word()} {invent.word()}",
        f"   {invent.word()}     {invent.word()}   ",
        "     ",
    ):
        response = client.post("/reviews", json={**review, "text": text})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "text"]
        assert "at least 3 words" in response.json()["detail"][0]["msg"]


def test_tag_is_given_once(client: TestClient, review: dict[str, object]) -> None:
    """POST /reviews refuses a tag that comes twice, also in another case, with 422."""
    tag = invent.word()
    response = client.post("/reviews", json={**review, "tags": [tag, tag.capitalize()]})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "tags"]


def test_every_wrong_field_is_reported(client: TestClient) -> None:
    """POST /reviews reports wrong stars, a short text and a repeated tag in one answer."""
    tag = invent.word()
    response = client.post("/reviews", json={"stars": 6, "text": tag, "tags": [tag, tag]})
    assert response.status_code == 422
    places = [entry["loc"][1] for entry in response.json()["detail"]]
    assert sorted(places) == ["stars", "tags", "text"]


def test_loan_of_1_to_28_days_is_taken_in(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans answers 201 to a loan of 1 day and to one of 28."""
    for days in (1, 28):
        body = {**loan, "until": days_after(loan, days)}
        response = client.post("/loans", json=body)
        assert response.status_code == 201
        assert response.json() == body


def test_loan_may_be_open_ended(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans takes a loan without `until`, collected at the desk."""
    response = client.post("/loans", json={"since": loan["since"]})
    assert response.status_code == 201
    assert response.json() == {"since": loan["since"], "until": None, "by": "desk", "address": None}


def test_loan_of_another_length_is_refused(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans refuses a loan that ends on its first day, before it, or after 29 days."""
    for days in (0, -1, 29):
        response = client.post("/loans", json={**loan, "until": days_after(loan, days)})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body"]


def test_loan_by_post_needs_an_address(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans refuses a loan by post without an address with 422."""
    del loan["address"]
    response = client.post("/loans", json=loan)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body"]


def test_wrong_date_is_an_error_of_its_field(client: TestClient, loan: dict[str, object]) -> None:
    """POST /loans reports a `since` that is no date as that and nothing else."""
    response = client.post("/loans", json={**loan, "since": invent.word()})
    assert response.status_code == 422
    assert [entry["loc"] for entry in response.json()["detail"]] == [["body", "since"]]


def test_payment_is_taken_in(client: TestClient, payment: dict[str, object]) -> None:
    """POST /payments takes an integer, a bool and a date as JSON writes them."""
    response = client.post("/payments", json=payment)
    assert response.status_code == 201
    assert response.json() == payment


def test_cents_are_not_converted(client: TestClient, payment: dict[str, object]) -> None:
    """POST /payments refuses "250", 250.0 and true for the cents, and still refuses 0."""
    number = random.randint(2, 900)
    for cents in (str(number), float(number), True, 0):
        response = client.post("/payments", json={**payment, "cents": cents})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "cents"]


def test_in_cash_is_not_guessed(client: TestClient, payment: dict[str, object]) -> None:
    """POST /payments refuses "yes", "false" and 1 for in_cash."""
    for in_cash in ("yes", "false", 1):
        response = client.post("/payments", json={**payment, "in_cash": in_cash})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "in_cash"]


def test_query_is_still_read_from_text(client: TestClient) -> None:
    """GET /fees?at_least=120 still understands the number, which a query can only send as text."""
    response = client.get("/fees", params={"at_least": 120})
    assert response.status_code == 200
    assert response.json() == [120, 300, 1250]


def test_error_of_a_validator_is_explained(client: TestClient, question: dict[str, object]) -> None:
    """POST /assistant/questions answers 422, not 500, when a validator refuses."""
    body = {**question, "prompt": str(question["prompt"]).rstrip("?")}
    response = client.post("/assistant/questions", json=body)
    assert response.status_code == 422
    problem = response.json()["problems"][0]
    assert problem["type"] == "value_error"
    assert problem["loc"] == ["body", "prompt"]
    assert problem["msg"] == "Value error, a question ends with a question mark"


def test_what_was_sent_is_not_repeated(client: TestClient, question: dict[str, object]) -> None:
    """POST /assistant/questions never repeats what was sent: an answer is logged and cached."""
    del question["prompt"]
    response = client.post("/assistant/questions", json=question)
    assert response.status_code == 422
    assert str(question["reader_card"]) not in response.text


def test_every_error_is_listed_with_its_limits(
    client: TestClient, question: dict[str, object]
) -> None:
    """POST /assistant/questions lists all errors, each with type, loc, msg and ctx."""
    body = {"prompt": str(question["prompt"]) + "?" * random.randint(80, 99), "reader_card": "LC-1"}
    response = client.post("/assistant/questions", json=body)
    assert response.status_code == 422
    assert response.json()["problems"] == [
        {
            "type": "string_too_long",
            "loc": ["body", "prompt"],
            "msg": "String should have at most 80 characters",
            "ctx": {"max_length": 80},
        },
        {
            "type": "string_too_short",
            "loc": ["body", "reader_card"],
            "msg": "String should have at least 8 characters",
            "ctx": {"min_length": 8},
        },
    ]
