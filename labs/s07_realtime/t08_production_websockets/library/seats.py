"""Who sits in the rooms, at all instances together."""

import asyncio
import time

from .store import SEAT_SECONDS, store


def seats_of(room: str) -> str:
    """Name the sorted set with the seats of a room."""
    return f"seats:{room}"


# region count_readers: A seat counts at every instance, until it is left or its instance is dead.
async def sit(room: str, seat: str) -> None:
    """Sit on a seat until cancelled; `seat` is another string for each connection."""
    await asyncio.Event().wait()


async def count(room: str) -> int:
    """Count the seats that are taken, at all instances."""
    return 0


# endregion
