"""Bells: whoever waits for news of a room hangs one up, and looks into the log when it rings."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from .store import store

_hanging: dict[str, set[asyncio.Event]] = {}


@contextmanager
def hang_bell(room: str) -> Iterator[asyncio.Event]:
    """Hang up a bell at this instance, which is set when there is news of the room."""
    bell = asyncio.Event()
    _hanging.setdefault(room, set()).add(bell)
    try:
        yield bell
    finally:
        _hanging[room].discard(bell)
        if not _hanging[room]:
            del _hanging[room]


def ring_here(room: str | None = None) -> None:
    """Ring the bells of a room that hang at this instance; without a room, all of them."""
    for name, bells in _hanging.items():
        if room in (name, None):
            for bell in bells:
                bell.set()


# region wake_everywhere: ring() reaches the bells of all instances, by Redis pub/sub.
async def ring(room: str) -> None:
    """Ring the bells of a room at all other instances, too."""
    # They are other processes: how do they hear of it?


async def listen() -> None:
    """Ring the bells here when any instance rings; runs as long as the app does."""
    await asyncio.Event().wait()


# endregion
