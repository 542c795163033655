"""Tests of what library and Redis have agreed on."""

import httpx2
from redis import Redis


def lend(client: httpx2.Client, text: str) -> tuple[int, str]:
    """Add a book and lend it; give its id, and the path for questions about it."""
    book = client.post("/books", json={"title": "A Book", "text": text}).json()["id"]
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"}).json()["id"]
    return book, f"/loans/{loan}/questions"


# region hold_cache: Tests of the cached answers: kept, for an hour, of this book, and never stale.
# endregion
