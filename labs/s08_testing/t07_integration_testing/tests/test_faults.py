"""Tests of days on which the model fails."""

from collections.abc import Callable

import httpx2
import pytest


def lend(client: httpx2.Client, text: str) -> str:
    """Add a book and lend it; give the path for questions about it."""
    book = client.post("/books", json={"title": "A Book", "text": text}).json()["id"]
    loan = client.post("/loans", json={"book_id": book, "reader": "Ada"}).json()["id"]
    return f"/loans/{loan}/questions"


# region let_it_fail: Tests of what readers are told when the model fails, and of the time after it.
# endregion
