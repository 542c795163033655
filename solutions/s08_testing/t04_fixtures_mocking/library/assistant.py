"""The reading assistant, and the model that writes for it."""

from typing import Protocol

import httpx2

from library.loans import LoanBook

Message = dict[str, str]
RULES = "You are the library's reading assistant."


class Model(Protocol):
    """Writes answers."""

    async def complete(self, messages: list[Message]) -> str:
        """Answer the last of some messages."""


class RemoteModel:
    """A model behind an API; each call costs money."""

    async def complete(self, messages: list[Message]) -> str:
        """Answer the last of some messages."""
        async with httpx2.AsyncClient(base_url="https://model.library.example") as client:
            response = await client.post("/chat", json=messages)
            return str(response.raise_for_status().json()["text"])


async def answer(model: Model, loan_book: LoanBook, reader: str, question: str) -> str:
    """Let the model answer a question; it is told which books the reader has."""
    books = ", ".join(loan_book.books_of(reader)) or "no books"
    return await model.complete(
        [
            {"role": "system", "content": f"{RULES} The reader has {books}."},
            {"role": "user", "content": question},
        ]
    )
