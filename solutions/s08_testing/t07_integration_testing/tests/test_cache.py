"""Tests of what library and Redis have agreed on."""

import httpx2
from redis import Redis


def lend(client: httpx2.Client, text: str) -> tuple[int, str]:
    """Add a book and lend it; give its id, and the path for questions about it."""
    book = client.post("/books", json={"title": "A Book", "text": text}).json()["id"]
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"}).json()["id"]
    return book, f"/loans/{loan}/questions"


# region hold_cache: Tests of the cached answers: kept, for an hour, of this book, and never stale.
ASK = {"question": "How many steps has the lighthouse?"}


def test_an_answer_is_kept_for_an_hour(client: httpx2.Client, store: Redis) -> None:
    book, questions = lend(client, "The lighthouse has 151 steps.")
    first, second = (client.post(questions, json=ASK).json() for _ in range(2))
    assert (first["cached"], second["cached"]) == (False, True)
    assert first["answer"] == second["answer"]
    assert store.ttl(f"answers:{book}") in range(1, 3601)


def test_another_edition_is_asked_anew(client: httpx2.Client) -> None:
    book, questions = lend(client, "The lighthouse has 151 steps.")
    client.post(questions, json=ASK)
    edition = {"title": "A Book", "text": "The lighthouse has 152 steps."}
    assert client.put(f"/books/{book}", json=edition).status_code == 204
    answer = client.post(questions, json=ASK).json()
    assert "152 steps" in answer["answer"]
    assert not answer["cached"]


def test_each_book_has_its_own_answers(client: httpx2.Client) -> None:
    for text in ("The lighthouse has 97 steps.", "The lighthouse has 98 steps."):
        _, questions = lend(client, text)
        assert text in client.post(questions, json=ASK).json()["answer"]


# endregion
