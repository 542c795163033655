"""Who sits in the rooms, at all instances together."""

import asyncio

from .store import SEAT_SECONDS, store


def seats_of(room: str) -> str:
    """Name the sorted set with the seats of a room."""
    return f"seats:{room}"


# region count_readers: A seat counts at every instance, until it is left or its instance is dead.
async def sit(room: str, seat: str) -> None:
    """Sit on a key that Redis lets expire."""
    key = f"{seats_of(room)}:{seat}"
    try:
        while True:
            await store.set(key, "taken", px=int(SEAT_SECONDS * 1000))
            await asyncio.sleep(SEAT_SECONDS / 4)
    finally:
        await store.delete(key)


async def count(room: str) -> int:
    """Count the keys that are left."""
    return len([key async for key in store.scan_iter(f"{seats_of(room)}:*", count=1000)])


# endregion
