"""What 5.1.4 asks: rules that refuse what is wrong, take what is right, and say why.

The lab keeps nothing that a check sends, so that each `curl` of a card works by itself.
"""

import random
from datetime import date, timedelta

import pytest

from checker.judge.api import Fake, Lab

KINDRED = {
    "isbn": "9780807083697",
    "title": "Kindred",
    "language": "en",
    "year": 1979,
    "on_shelf": True,
}
SHELF = ["Kindred", "Ficciones", "Marcovaldo", "The Dispossessed", "Rayuela"]
THERE = ["Kindred", "Marcovaldo", "Rayuela"]
LENT = ["Ficciones", "The Dispossessed"]
TRUE = ("true", "yes", "1", "on")
FALSE = ("false", "no", "0", "off")


@pytest.fixture
def review(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Review a book in five words, with two tags."""
    tags = [f"plot{rng.randint(10, 99)}", f"index{rng.randint(10, 99)}"]
    return {"stars": rng.randint(1, 5), "text": fake.sentence(), "tags": tags}


@pytest.fixture
def loan(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Ask for a loan of some days by post."""
    since = date(2026, 1, 1) + timedelta(rng.randint(0, 300))
    until = since + timedelta(rng.randint(2, 27))
    return {
        "since": str(since),
        "until": str(until),
        "by": "post",
        "address": f"{rng.randint(1, 99)} {fake.word()} street",
    }


@pytest.fixture
def payment(rng: random.Random) -> dict[str, object]:
    """Pay something at the desk."""
    day = date(2026, 1, 1) + timedelta(rng.randint(0, 300))
    return {"cents": rng.randint(2, 900), "in_cash": rng.choice([True, False]), "paid_on": str(day)}


@pytest.fixture
def question(fake: Fake, rng: random.Random) -> dict[str, object]:
    """Ask the assistant, with a reader's card that is nobody else's business."""
    return {
        "prompt": f"Who wrote {fake.title()}?",
        "reader_card": f"LC-{rng.randint(10**6, 10**7)}",
    }


def days_after(loan: dict[str, object], days: int) -> str:
    """Give the date so many days after the start of a loan."""
    return str(date.fromisoformat(str(loan["since"])) + timedelta(days))


@pytest.mark.task("list_books")
def test_all_books_are_listed_without_filters(lab: Lab) -> None:
    """GET /books answers 200 and every book."""
    response = lab.get("/books")
    assert response.status_code == 200
    assert [book["title"] for book in response.json()] == SHELF


@pytest.mark.task("list_books")
def test_on_shelf_is_a_bool_in_any_spelling(lab: Lab, rng: random.Random) -> None:
    """GET /books?on_shelf=... tells true from false, also when they are spelt yes, no, 1 or 0."""
    for spellings, titles in ((FALSE, LENT), (TRUE, THERE)):
        response = lab.get("/books", params={"on_shelf": rng.choice(spellings)})
        assert response.status_code == 200
        assert [book["title"] for book in response.json()] == titles


@pytest.mark.task("list_books")
def test_year_can_be_repeated(lab: Lab) -> None:
    """GET /books?year=1944&year=1963 answers the books of both years."""
    response = lab.get("/books", params={"year": [1944, 1963]})
    assert response.status_code == 200
    assert [book["title"] for book in response.json()] == ["Ficciones", "Marcovaldo", "Rayuela"]


@pytest.mark.task("list_books")
def test_filter_of_the_wrong_type_is_refused(lab: Lab, fake: Fake) -> None:
    """GET /books refuses another language, another bool and a year in words with 422."""
    for name in ("language", "on_shelf", "year"):
        response = lab.get("/books", params={name: fake.word()})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"][:2] == ["query", name]


@pytest.mark.task("name_isbn")
def test_book_is_read_by_its_isbn(lab: Lab, fake: Fake) -> None:
    """GET /books/{isbn} answers the book, and 404 for an ISBN that no book has."""
    response = lab.get(f"/books/{KINDRED['isbn']}")
    assert response.status_code == 200
    assert response.json() == KINDRED
    assert lab.get(f"/books/{fake.isbn()}").status_code == 404


@pytest.mark.task("name_isbn")
def test_path_takes_only_an_isbn(lab: Lab, fake: Fake) -> None:
    """GET /books/{isbn} refuses 12 and 14 digits, another start and letters with 422."""
    isbn = fake.isbn()
    for wrong in (isbn[:-1], isbn + "7", "1" + isbn, f"977{isbn[3:]}", isbn[:-1] + "x"):
        response = lab.get(f"/books/{wrong}")
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["path", "isbn"]


@pytest.mark.task("name_isbn")
def test_list_takes_5_isbns_as_text(lab: Lab, fake: Fake) -> None:
    """POST /reading-lists answers 201 and a list of five, each ISBN still a text."""
    body = {"name": fake.word(), "isbns": [fake.isbn() for _ in range(5)]}
    response = lab.post("/reading-lists", json=body)
    assert response.status_code == 201
    assert response.json() == body


@pytest.mark.task("name_isbn")
def test_each_isbn_of_a_list_is_checked(lab: Lab, fake: Fake) -> None:
    """POST /reading-lists refuses a list whose second entry is no ISBN with 422."""
    for wrong in (fake.isbn() + "7", fake.isbn()[:-1] + "x"):
        body = {"name": fake.word(), "isbns": [fake.isbn(), wrong]}
        response = lab.post("/reading-lists", json=body)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "isbns", 1]


@pytest.mark.task("name_isbn")
def test_list_has_1_to_5_isbns(lab: Lab, fake: Fake) -> None:
    """POST /reading-lists refuses an empty list and one of six with 422."""
    for count in (0, 6):
        body = {"name": fake.word(), "isbns": [fake.isbn() for _ in range(count)]}
        response = lab.post("/reading-lists", json=body)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "isbns"]


@pytest.mark.task("check_review")
def test_review_is_answered_trimmed(lab: Lab, review: dict[str, object]) -> None:
    """POST /reviews answers 201 and the text without the spaces around it."""
    response = lab.post("/reviews", json={**review, "text": f"  {review['text']} "})
    assert response.status_code == 201
    assert response.json() == review


@pytest.mark.task("check_review")
def test_tags_are_answered_in_lower_case(lab: Lab, review: dict[str, object], fake: Fake) -> None:
    """POST /reviews answers the tags in lower case."""
    tag = fake.word()
    response = lab.post("/reviews", json={**review, "tags": [tag.upper()]})
    assert response.status_code == 201
    assert response.json() == {**review, "tags": [tag]}


@pytest.mark.task("check_review")
def test_review_of_2_words_is_refused(lab: Lab, review: dict[str, object], fake: Fake) -> None:
    """POST /reviews refuses a text of 2 words, however many spaces there are, and says why."""
    for text in (f"{fake.word()} {fake.word()}", f"   {fake.word()}     {fake.word()}   ", "     "):
        response = lab.post("/reviews", json={**review, "text": text})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "text"]
        assert "at least 3 words" in response.json()["detail"][0]["msg"]


@pytest.mark.task("check_review")
def test_tag_is_given_once(lab: Lab, review: dict[str, object], fake: Fake) -> None:
    """POST /reviews refuses a tag that comes twice, also in another case, with 422."""
    tag = fake.word()
    response = lab.post("/reviews", json={**review, "tags": [tag, tag.capitalize()]})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "tags"]


@pytest.mark.task("check_review")
def test_every_wrong_field_is_reported(lab: Lab, fake: Fake) -> None:
    """POST /reviews reports wrong stars, a short text and a repeated tag in one answer."""
    tag = fake.word()
    response = lab.post("/reviews", json={"stars": 6, "text": tag, "tags": [tag, tag]})
    assert response.status_code == 422
    places = [entry["loc"][1] for entry in response.json()["detail"]]
    assert sorted(places) == ["stars", "tags", "text"]


@pytest.mark.task("check_loan")
def test_loan_of_1_to_28_days_is_taken_in(lab: Lab, loan: dict[str, object]) -> None:
    """POST /loans answers 201 to a loan of 1 day and to one of 28."""
    for days in (1, 28):
        body = {**loan, "until": days_after(loan, days)}
        response = lab.post("/loans", json=body)
        assert response.status_code == 201
        assert response.json() == body


@pytest.mark.task("check_loan")
def test_loan_may_be_open_ended(lab: Lab, loan: dict[str, object]) -> None:
    """POST /loans takes a loan without `until`, collected at the desk."""
    response = lab.post("/loans", json={"since": loan["since"]})
    assert response.status_code == 201
    assert response.json() == {"since": loan["since"], "until": None, "by": "desk", "address": None}


@pytest.mark.task("check_loan")
def test_loan_of_another_length_is_refused(lab: Lab, loan: dict[str, object]) -> None:
    """POST /loans refuses a loan that ends on its first day, before it, or after 29 days."""
    for days in (0, -1, 29):
        response = lab.post("/loans", json={**loan, "until": days_after(loan, days)})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body"]


@pytest.mark.task("check_loan")
def test_loan_by_post_needs_an_address(lab: Lab, loan: dict[str, object]) -> None:
    """POST /loans refuses a loan by post whose address is missing, null or empty with 422."""
    without = {key: value for key, value in loan.items() if key != "address"}
    for body in (without, {**loan, "address": None}, {**loan, "address": ""}):
        response = lab.post("/loans", json=body)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body"]


@pytest.mark.task("check_loan")
def test_wrong_date_is_an_error_of_its_field(lab: Lab, loan: dict[str, object], fake: Fake) -> None:
    """POST /loans reports a `since` that is no date as that and nothing else."""
    response = lab.post("/loans", json={**loan, "since": fake.word()})
    assert response.status_code == 422
    assert [entry["loc"] for entry in response.json()["detail"]] == [["body", "since"]]


@pytest.mark.task("pay_fee")
def test_payment_is_taken_in(lab: Lab, payment: dict[str, object]) -> None:
    """POST /payments takes an integer, a bool and a date as JSON writes them."""
    response = lab.post("/payments", json=payment)
    assert response.status_code == 201
    assert response.json() == payment


@pytest.mark.task("pay_fee")
def test_cents_are_not_converted(lab: Lab, payment: dict[str, object], rng: random.Random) -> None:
    """POST /payments refuses "250", 250.0 and true for the cents, and still refuses 0."""
    number = rng.randint(2, 900)
    for cents in (str(number), float(number), True, 0):
        response = lab.post("/payments", json={**payment, "cents": cents})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "cents"]


@pytest.mark.task("pay_fee")
def test_in_cash_is_not_guessed(lab: Lab, payment: dict[str, object]) -> None:
    """POST /payments refuses "yes", "false" and 1 for in_cash."""
    for in_cash in ("yes", "false", 1):
        response = lab.post("/payments", json={**payment, "in_cash": in_cash})
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "in_cash"]


@pytest.mark.task("pay_fee")
def test_query_is_still_read_from_text(lab: Lab) -> None:
    """GET /fees?at_least=120 still understands the number, which a query can only send as text."""
    response = lab.get("/fees", params={"at_least": 120})
    assert response.status_code == 200
    assert response.json() == [120, 300, 1250]


@pytest.mark.task("explain_refusal")
def test_error_of_a_validator_is_explained(lab: Lab, question: dict[str, object]) -> None:
    """POST /assistant/questions answers 422, not 500, when a validator refuses."""
    body = {**question, "prompt": str(question["prompt"]).rstrip("?")}
    response = lab.post("/assistant/questions", json=body)
    assert response.status_code == 422, "A handler that builds the response names the status too."
    problem = response.json()["problems"][0]
    assert problem["type"] == "value_error"
    assert problem["loc"] == ["body", "prompt"]
    assert problem["msg"] == "Value error, a question ends with a question mark"


@pytest.mark.task("explain_refusal")
def test_what_was_sent_is_not_repeated(lab: Lab, question: dict[str, object]) -> None:
    """POST /assistant/questions never repeats what was sent: an answer is logged and cached."""
    del question["prompt"]
    response = lab.post("/assistant/questions", json=question)
    assert response.status_code == 422
    assert str(question["reader_card"]) not in response.text


@pytest.mark.task("explain_refusal")
def test_every_error_is_listed_with_its_limits(
    lab: Lab, question: dict[str, object], rng: random.Random
) -> None:
    """POST /assistant/questions lists all errors, each with type, loc, msg and ctx."""
    prompt = f"{question['prompt']} And{' then' * rng.randint(16, 20)}?"
    body = {"prompt": prompt, "reader_card": "LC-1"}
    response = lab.post("/assistant/questions", json=body)
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
