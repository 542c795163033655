"""The reading assistant: a model that writes, and the time it may take."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

KEPT_SECONDS = 3600.0


class Model(Protocol):
    """Writes answers; a language model far away."""

    async def write(self, question: str) -> str:
        """Answer a question, sooner or later."""

    async def aclose(self) -> None:
        """Close the connection to the model."""


class Assistant:
    """Answers questions by a model; an answer is kept for an hour, and given again.

    Args:
        model: writes the answers.
        deadline: seconds that it may take for one.
        clock: tells the time in seconds.
    """

    def __init__(self, model: Model, deadline: float, clock: Callable[[], float]) -> None:
        self._model = model
        self._deadline = deadline
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}

    async def ask(self, question: str) -> str:
        """Answer a question; TimeoutError after the deadline, and the model is told to stop."""
        answer, written = self._kept.get(question, ("", -KEPT_SECONDS))
        if answer and self._clock() - written < KEPT_SECONDS:
            return answer
        async with asyncio.timeout(self._deadline):
            answer = await self._model.write(question)
        self._kept[question] = answer, self._clock()
        return answer


class RuleModel:
    """A model that needs no network: it knows one sentence, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = False

    async def write(self, question: str) -> str:
        """Answer at once."""
        self.asked.append(question)
        return f"You ask: {question} Read on, and you will know."

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True


wall_clock = time.monotonic
