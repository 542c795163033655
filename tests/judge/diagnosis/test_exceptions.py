"""What exceptions mean, told of those that Python really raises."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from checker.judge.diagnosis.exceptions import meaning_of


async def tokens() -> AsyncIterator[str]:
    """Give the tokens of an answer."""
    yield "Dune"


async def create() -> AsyncIterator[str]:
    """Give the stream of an answer, as clients of language models do."""
    return tokens()


async def no_await() -> None:
    async for _ in create():  # type: ignore[attr-defined]
        pass


async def not_asynchronous() -> None:
    async for _ in ["Dune"]:  # type: ignore[attr-defined]
        pass


async def awaited_generator() -> None:
    await tokens()  # type: ignore[misc]


async def plain_for() -> None:
    for _ in tokens():  # type: ignore[attr-defined]
        pass


async def coroutine_as_data() -> None:
    call = create()
    try:
        json.dumps({"tokens": call})
    finally:
        call.close()


async def nothing_streamed() -> None:
    async def chunks() -> AsyncIterator[str]:
        yield None  # type: ignore[misc]

    async def send(message: object) -> None:
        del message

    await StreamingResponse(chunks()).stream_response(send)


def test_a_value_that_is_not_in_a_set_is_no_key_of_a_dict() -> None:
    frame = {"file": "app.py", "line": 1, "function": "leave", "source": "rooms.remove(reader)"}
    raised: Any = {"type": "KeyError", "message": "'Ada'", "frames": [frame]}
    meaning = meaning_of(raised)
    assert meaning is not None
    assert meaning[1] == "Take it out with `discard`, which bears that."


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(OperationalError) as caught, create_engine("sqlite://").connect() as asked:
        asked.execute(text("SELECT * FROM loans"))
    raised = {"type": "OperationalError", "message": str(caught.value), "frames": []}
    meaning = meaning_of(raised)  # type: ignore[arg-type]
    assert meaning is not None
    assert meaning[0] == "The database that is asked here has no table `loans`."


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize(
    "mistake, step",
    [
        (no_await, "Put `await` before the call."),
        (coroutine_as_data, "Put `await` before the call."),
        (not_asynchronous, "Go through it with a plain `for`."),
        (awaited_generator, "Go through it with `async for`, without `await` before it."),
        (plain_for, "Go through it with `async for`, without `await` before it."),
        (nothing_streamed, "Yield or pass on text only, and leave out what is `None`."),
    ],
)
def test_a_mistake_with_streams_gets_its_next_step(
    mistake: Callable[[], Awaitable[None]], step: str
) -> None:
    with pytest.raises((TypeError, AttributeError)) as caught:
        asyncio.run(mistake())  # type: ignore[arg-type]
    raised = caught.value
    meaning = meaning_of({"type": type(raised).__name__, "message": str(raised), "frames": []})
    assert meaning is not None
    assert meaning[1] == step
