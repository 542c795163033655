"""What was said in the rooms: a Redis stream for each, which all instances write and read."""

from typing import Any

from pydantic import BaseModel

from .store import KEEP, store


class Message(BaseModel):
    """Something that a reader said; its id is the one that Redis gave it."""

    id: str
    reader: str
    text: str


def log_of(room: str) -> str:
    """Name the stream of a room."""
    return f"log:{room}"


def message_of(key: Any, fields: Any) -> Message:  # noqa: ANN401 - redis types it too widely
    """Make a message of an entry of the stream: its id, and its fields."""
    return Message(id=key, **fields)


# region keep_messages: keep() adds to the stream log_of(room), read() gives what is behind an id.
async def keep(room: str, reader: str, text: str) -> Message:
    """Keep a message, the newest KEEP or a few more in all, and give it with its id."""
    key = await store.xadd(
        log_of(room), {"reader": reader, "text": text}, maxlen=KEEP, approximate=True
    )
    return Message(id=key, reader=reader, text=text)


async def read(room: str, after: str) -> list[Message]:
    """Give the messages behind the id `after`, the oldest first; all of them behind "0"."""
    entries = await store.xrange(log_of(room), min=f"({after}")
    return [message_of(key, fields) for key, fields in entries or []]


# endregion
