"""Tests of the assistant's use of time."""

import asyncio

import pytest

from library.assistant import Assistant, RuleModel

pytestmark = pytest.mark.anyio


# region no_sleep: Tests of the deadline and of the hour, without waiting for either.
class SilentModel:
    """A model that never answers, and knows which questions it was told to drop."""

    def __init__(self) -> None:
        self.dropped: list[str] = []

    async def write(self, question: str) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            self.dropped.append(question)
        return ""

    async def aclose(self) -> None:
        """Close nothing."""


async def test_the_model_has_a_deadline() -> None:
    model = SilentModel()
    assistant = Assistant(model, deadline=0.01, clock=lambda: 0)
    async with asyncio.timeout(1):
        with pytest.raises(TimeoutError):
            await assistant.ask("Who is Emma?")
    assert model.dropped == ["Who is Emma?"]


async def test_an_answer_is_kept_for_an_hour() -> None:
    model, now = RuleModel(), [0.0]
    assistant = Assistant(model, deadline=1, clock=lambda: now[0])
    await assistant.ask("Who is Emma?")
    now[0] = 3599
    await assistant.ask("Who is Emma?")
    assert len(model.asked) == 1
    now[0] = 3601
    await assistant.ask("Who is Emma?")
    assert len(model.asked) == 2


# endregion
