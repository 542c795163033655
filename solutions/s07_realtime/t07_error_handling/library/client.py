"""A program that follows the library's news, whatever becomes of its connection.

`python -m library.client` follows those of `checker run 5.7.7`.
"""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypedDict

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

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
    ceiling = BASE
    while True:
        yield random.uniform(0, ceiling)
        ceiling = min(2 * ceiling, CAP)


# endregion


# region give_up: FINAL_CODES are final, and 4xx answers to the handshake but PASSING_STATUSES.
def is_final(error: Exception) -> bool:
    """Tell whether it is of no use to come back after this end of a connection."""
    if isinstance(error, InvalidStatus):
        code = error.response.status_code
        return 400 <= code < 500 and code not in PASSING_STATUSES
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        return error.rcvd.code in FINAL_CODES
    return False


# endregion


# region reconnect: follow() comes back until it is told not to, and handles each event once.
async def follow(url: str, handle: Handle, *, after: int = 0, sleep: Sleep = asyncio.sleep) -> None:
    """Handle each event behind the id `after`; return when the server closes with 1000.

    Raises:
        Exception: what `handle` raises, and an end that is final.
    """
    waits = delays()
    while True:
        try:
            async with connect(f"{url}?after={after}", proxy=None) as socket:
                async for message in socket:
                    event: Event = json.loads(message)
                    waits = delays()
                    if event["id"] > after:
                        await handle(event)
                        after = event["id"]
            if socket.close_code == 1000:
                return
        except (OSError, WebSocketException) as error:
            if is_final(error):
                raise
        await sleep(next(waits))


# endregion


async def show(event: Event) -> None:
    """Write an event down."""
    sys.stdout.write(f"{event['id']}: {event['text']}\n")


if __name__ == "__main__":
    asyncio.run(follow("ws://127.0.0.1:8000/news", show))
