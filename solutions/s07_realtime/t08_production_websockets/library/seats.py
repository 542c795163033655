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
    try:
        while True:
            await store.zadd(seats_of(room), {seat: time.time() + SEAT_SECONDS})
            await asyncio.sleep(SEAT_SECONDS / 3)
    finally:
        await store.zrem(seats_of(room), seat)


async def count(room: str) -> int:
    """Count the seats that are taken, at all instances."""
    await store.zremrangebyscore(seats_of(room), "-inf", time.time())
    return int(await store.zcard(seats_of(room)))


# endregion
