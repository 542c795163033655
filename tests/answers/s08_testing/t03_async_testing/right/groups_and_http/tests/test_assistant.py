"""Tests of the assistant's use of time."""

import asyncio

import anyio
import httpx2
import pytest

from library.app import create_app
from library.assistant import Assistant, RuleModel

pytestmark = pytest.mark.anyio


# region no_sleep: Tests of the deadline and of the hour, without waiting for either.
async def test_the_model_has_a_deadline() -> None:
    stopped = asyncio.Event()

    class SilentModel:
        async def write(self, question: str) -> str:
            try:
                return str(await asyncio.get_running_loop().create_future()) + question
            except asyncio.CancelledError:
                stopped.set()
                raise

        async def aclose(self) -> None:
            assert stopped.is_set()

    app = create_app(SilentModel(), deadline=0.01)
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")
    with anyio.fail_after(0.5):
        async with app.router.lifespan_context(app):
            response = await client.post("/answers", json={"text": "Why?"})
    assert response.status_code == 504
    assert stopped.is_set()


@pytest.mark.parametrize("later, asked", [(3500, 1), (3700, 2)])
async def test_an_answer_is_kept_for_an_hour(later: int, asked: int) -> None:
    ticks = iter([*[0.0] * 1, *[float(later)] * 2])
    model = RuleModel()
    assistant = Assistant(model, 1, lambda: next(ticks))
    for _ in range(2):
        await assistant.ask("Why?")
    assert len(model.asked) == asked


# endregion
