"""A program that follows the library's news, whatever becomes of its connection.

`python -m library.client` follows those of `checker run 5.7.7`.
"""

import asyncio
import itertools
import json
import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypedDict

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import Close

BASE = 0.5  # seconds that the first delay has at most
CAP = 30.0  # seconds that any delay has at most
FINAL_CODES = frozenset({1003, 1007, 1008})  # closed because of what we are or say
PASSING_STATUSES = frozenset({408, 429})  # the two of 400 to 499 that are over later


class Event(TypedDict):
    """A piece of news."""

    id: int
    text: str


Handle = Callable[[Event], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]


# region back_off: Each delay is drawn between 0 and a ceiling, which doubles from BASE up to CAP.
def delays() -> Iterator[float]:
    """Give the seconds to wait before each new attempt, without end."""
    for attempt in itertools.count():
        ceiling = min(CAP, BASE * 2 ** min(attempt, 16))
        yield ceiling * random.random()


# endregion


# region give_up: FINAL_CODES are final, and 4xx answers to the handshake but PASSING_STATUSES.
def is_final(error: Exception) -> bool:
    """Tell whether it is of no use to come back after this end of a connection."""
    match error:
        case InvalidStatus():
            status = error.response.status_code
            return status // 100 == 4 and status not in PASSING_STATUSES
        case ConnectionClosed(rcvd=Close(code=code)):
            return code in FINAL_CODES
        case _:
            return False


# endregion


# region reconnect: follow() comes back until it is told not to, and handles each event once.
class Follower:
    """Remembers how far the news were handled, and how patient to be."""

    def __init__(self, url: str, handle: Handle, after: int) -> None:
        self.url, self.handle, self.after = url, handle, after
        self.waits = delays()

    async def take(self, event: Event) -> None:
        """Handle an event, unless it was handled before."""
        self.waits = delays()
        if event["id"] > self.after:
            await self.handle(event)
            self.after = event["id"]

    async def attempt(self) -> int | None:
        """Follow over one connection; give the code with which it was closed."""
        try:
            socket = await connect(f"{self.url}?after={self.after}", proxy=None)
        except (OSError, WebSocketException) as error:
            if is_final(error):
                raise
            return None
        async with socket:
            while True:
                try:
                    message = await socket.recv()
                except ConnectionClosed as error:
                    if is_final(error):
                        raise
                    return socket.close_code
                await self.take(json.loads(message))


async def follow(url: str, handle: Handle, *, after: int = 0, sleep: Sleep = asyncio.sleep) -> None:
    """Handle each event behind the id `after`; return when the server closes with 1000."""
    follower = Follower(url, handle, after)
    while await follower.attempt() != 1000:
        await sleep(next(follower.waits))


# endregion


async def show(event: Event) -> None:
    """Write an event down."""
    sys.stdout.write(f"{event['id']}: {event['text']}\n")


if __name__ == "__main__":
    asyncio.run(follow("ws://127.0.0.1:8000/news", show))
