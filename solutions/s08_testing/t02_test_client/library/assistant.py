"""The reading assistant: it stands for a language model, and says one word at a time."""

import asyncio
from collections.abc import AsyncIterator


class Assistant:
    """Answers questions and sums books up; `said` holds each word that it was asked for."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def answer(self, question: str) -> str:
        """Answer a question."""
        return f"Look it up: {question}"

    async def summarise(self, title: str) -> AsyncIterator[str]:
        """Sum a book up in some two hundred words, one by one."""
        for word in [title, "is", *["very"] * 200, "good"]:
            await asyncio.sleep(0)
            self.said.append(word)
            yield word
