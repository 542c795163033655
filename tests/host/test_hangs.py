"""Which lines a suspended coroutine waits at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from checker.host.hangs import awaited_frames


async def _wait() -> None:
    await asyncio.sleep(60)


@asynccontextmanager
async def _lifespan() -> AsyncIterator[None]:
    await _wait()
    yield


async def _serve() -> None:
    async with _lifespan():
        pass


async def _names_while_it_waits() -> list[str]:
    task = asyncio.create_task(_serve())
    await asyncio.sleep(0)
    names = [frame.f_code.co_name for frame in awaited_frames(task.get_coro())]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return names


def test_the_chain_leads_through_an_async_generator() -> None:
    names = asyncio.run(_names_while_it_waits())
    assert [name for name in names if name.startswith("_") and name != "__aenter__"] == [
        "_serve",
        "_lifespan",
        "_wait",
    ]


def test_what_does_not_wait_has_no_frames() -> None:
    assert list(awaited_frames(None)) == []
