"""Tests of what library and Redis have agreed on."""

import httpx2
from redis import Redis


def lend(client: httpx2.Client, text: str) -> tuple[int, str]:
    """Add a book and lend it; give its id, and the path for questions about it."""
    book = client.post("/books", json={"title": "A Book", "text": text}).json()["id"]
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"}).json()["id"]
    return book, f"/loans/{loan}/questions"


# region hold_cache: Tests of the cached answers: kept, for an hour, of this book, and never stale.
def test_all_that_was_agreed(client: httpx2.Client, store: Redis) -> None:
    ask = {"question": "Who came?"}
    lent = [lend(client, text) for text in ("Ada came.", "Ben came.")]
    answers = [client.post(path, json=ask).json() for _, path in lent for _ in range(2)]
    assert [one["cached"] for one in answers] == [False, True, False, True]
    assert "Ada" in answers[1]["answer"]
    assert "Ben" in answers[3]["answer"]
    (key, path), _ = lent
    assert store.hkeys(f"answers:{key}") == ["Who came?"]
    assert store.ttl(f"answers:{key}") in range(3500, 3601)
    client.put(f"/books/{key}", json={"title": "A Book", "text": "Cleo came."})
    assert "Cleo" in client.post(path, json=ask).json()["answer"]


# endregion
