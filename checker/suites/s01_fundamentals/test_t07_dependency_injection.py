"""What 5.1.7 asks.

The ledger tells what became of each session. A session may end after its answer was sent, so the
suite waits for the ledger's last word a moment before it judges.
"""

import random
import time

import pytest

from checker.judge.api import Fake, Lab

NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal"]
BOOKS = 10
UNDER_REPAIR = 10
LIBRARIAN = {"X-Card": "C1"}
PATIENCE = 0.5  # seconds until the ledger must have had its last word


def ledger(lab: Lab, last: str) -> list[str]:
    """Read the ledger once `last` stands in it, or when patience is over."""
    deadline = time.monotonic() + PATIENCE
    while True:
        events: list[str] = lab.call("library.app:read_ledger")
        if last in events or time.monotonic() > deadline:
            return events
        time.sleep(0.01)


def empty_ledger(lab: Lab) -> None:
    """Begin a new ledger, once earlier requests have written their last word."""
    events, before = lab.call("library.app:read_ledger"), None
    while events != before:
        time.sleep(0.01)
        events, before = lab.call("library.app:read_ledger"), events
    lab.call("library.app:empty_ledger")


def some_reader(rng: random.Random) -> tuple[str, str]:
    """Choose card and name of a reader who is no librarian."""
    number = rng.randrange(1, len(NAMES))
    return f"C{number + 1}", NAMES[number]


@pytest.mark.task("share_page")
def test_page_of_books(lab: Lab, rng: random.Random) -> None:
    """GET /books gives the piece that `offset` and `limit` ask for."""
    offset, limit = rng.randint(1, 5), rng.randint(1, 4)
    response = lab.get("/books", params={"offset": offset, "limit": limit})
    assert response.status_code == 200
    assert [book["id"] for book in response.json()] == list(range(offset + 1, offset + limit + 1))


@pytest.mark.task("share_page")
def test_page_of_readers(lab: Lab, rng: random.Random) -> None:
    """GET /readers understands the same `offset` and `limit`, alone and together."""
    offset, limit = rng.randint(1, 4), rng.randint(6, 8)
    response = lab.get("/readers", params={"offset": offset})
    assert response.status_code == 200
    assert response.json() == NAMES[offset:][:5]
    response = lab.get("/readers", params={"limit": limit})
    assert response.status_code == 200
    assert response.json() == NAMES[:limit]


@pytest.mark.task("share_page")
@pytest.mark.parametrize("bad", [{"limit": 0}, {"limit": 51}, {"offset": -1}], ids=str)
def test_page_has_bounds(lab: Lab, bad: dict[str, int]) -> None:
    """A `limit` outside 1 to 50 or a negative `offset` is answered with 422."""
    response = lab.get("/readers", params=bad)
    assert response.status_code == 422


@pytest.mark.task("clean_up_session")
def test_session_is_committed_and_closed(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """A request that goes well commits its session, then closes it."""
    card = fake.isbn()
    empty_ledger(lab)
    response = lab.post("/loans", json={"book_id": rng.randint(1, 9), "card": card})
    assert response.status_code == 201
    assert ledger(lab, "close") == ["open", "commit", "close"], (
        "The session of this request was not committed and then closed."
    )


@pytest.mark.task("clean_up_session")
def test_session_is_rolled_back_after_an_error(lab: Lab, fake: Fake) -> None:
    """A request that ends in an error rolls its session back, then closes it."""
    card = fake.isbn()
    for book_id in (1, 2):
        lab.post("/loans", json={"book_id": book_id, "card": card})
    empty_ledger(lab)
    response = lab.post("/loans", json={"book_id": 3, "card": card})
    assert response.status_code == 409
    assert response.json() == {"detail": "Two books at a time."}
    assert ledger(lab, "close") == ["open", "rollback", "close"], (
        "After this error, the session was not rolled back and then closed."
    )


@pytest.mark.task("commit_first")
def test_refused_commit_reaches_the_client(lab: Lab, fake: Fake) -> None:
    """When the store refuses to commit, the client reads 409 and not 201."""
    response = lab.post("/loans", json={"book_id": UNDER_REPAIR, "card": fake.isbn()})
    assert response.status_code == 409, (
        "The answer was sent before the commit was tried: the client believes in a loan "
        "that the store refused."
    )
    assert response.json() == {"detail": "The book is under repair."}


@pytest.mark.task("find_reader")
def test_card_names_the_reader(lab: Lab, rng: random.Random) -> None:
    """GET /me gives the reader whose card stands in the header X-Card."""
    card, name = some_reader(rng)
    response = lab.get("/me", headers={"X-Card": card})
    assert response.status_code == 200
    assert response.json() == {"card": card, "name": name, "librarian": False}


@pytest.mark.task("find_reader")
def test_no_card_is_refused(lab: Lab) -> None:
    """Without X-Card the answer is 401."""
    response = lab.get("/me")
    assert response.status_code == 401
    assert response.json() == {"detail": "Show a valid card."}


@pytest.mark.task("find_reader")
def test_unknown_card_is_refused(lab: Lab, rng: random.Random) -> None:
    """With a card that nobody has, the answer is 401."""
    response = lab.get("/me", headers={"X-Card": f"X{rng.randrange(10**6)}"})
    assert response.status_code == 401
    assert response.json() == {"detail": "Show a valid card."}


@pytest.mark.task("find_reader")
def test_reader_and_route_share_one_session(lab: Lab, rng: random.Random) -> None:
    """GET /me/loans opens one session, which the reader's look-up and the route share."""
    card, _ = some_reader(rng)
    empty_ledger(lab)
    response = lab.get("/me/loans", headers={"X-Card": card})
    assert response.status_code == 200
    opened = ledger(lab, "commit").count("open")
    assert opened == 1, (
        f"One request opened {opened} sessions; the cache of dependencies would have given "
        "the same one to both."
    )


@pytest.mark.task("require_librarian")
def test_librarian_may_see_all_loans(lab: Lab) -> None:
    """GET /loans answers a librarian."""
    response = lab.get("/loans", headers=LIBRARIAN)
    assert response.status_code == 200


@pytest.mark.task("require_librarian")
def test_reader_may_not_see_all_loans(lab: Lab, rng: random.Random) -> None:
    """GET /loans answers any other reader with 403."""
    card, _ = some_reader(rng)
    response = lab.get("/loans", headers={"X-Card": card})
    assert response.status_code == 403
    assert response.json() == {"detail": "Librarians only."}


@pytest.mark.task("require_librarian")
def test_stranger_may_not_see_all_loans(lab: Lab) -> None:
    """GET /loans without a card is 401, as everywhere."""
    response = lab.get("/loans")
    assert response.status_code == 401


@pytest.mark.task("draw_tickets")
def test_tickets_are_never_the_same(lab: Lab) -> None:
    """GET /tickets gives two tickets, and no ticket is drawn twice."""
    drawn: list[int] = []
    for _ in range(3):
        response = lab.get("/tickets")
        assert response.status_code == 200
        assert len(response.json()) == 2
        drawn += response.json()
    assert len(set(drawn)) == 6, f"Some ticket was given out twice: {drawn}."


@pytest.mark.task("export_books")
def test_export_is_complete(lab: Lab) -> None:
    """GET /export sends all the books, one JSON object a line."""
    response = lab.get("/export")
    assert response.status_code == 200
    lines = response.text.splitlines()
    assert len(lines) == BOOKS, (
        f"{len(lines)} of {BOOKS} books came: the session had ended before all were read."
    )


@pytest.mark.task("export_books")
def test_session_outlives_the_export(lab: Lab) -> None:
    """The session of GET /export ends after the last book was read."""
    empty_ledger(lab)
    response = lab.get("/export")
    assert response.status_code == 200
    assert ledger(lab, "commit")[:3] == ["open", "read", "commit"], (
        "The session did not last until the books were read."
    )
