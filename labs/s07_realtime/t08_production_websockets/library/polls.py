"""Polling, for clients whose network lets no WebSocket through. Leave this file alone.

As in many a library for this, what is known of a poll is in the memory of one process.
"""

import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel

from .log import Message, read
from .store import INSTANCE

router = APIRouter(prefix="/polls", tags=["polls"])


class Poll(BaseModel):
    """A reader's place in a room: `after` is the id of the last message that was fetched."""

    poll: str
    room: str
    after: str = "0"
    instance: str = INSTANCE


_polls: dict[str, Poll] = {}


@router.post("", status_code=201)
async def open_poll(room: str) -> Poll:
    """Begin to poll a room."""
    poll = Poll(poll=uuid.uuid4().hex, room=room)
    _polls[poll.poll] = poll
    return poll


@router.get("/{poll}")
async def fetch_messages(poll: Annotated[str, Path()]) -> list[Message]:
    """Give what was said since the last time."""
    place = _polls.get(poll)
    if place is None:
        raise HTTPException(404, f"{INSTANCE} knows no poll of this name.")
    messages = await read(place.room, place.after)
    if messages:
        place.after = messages[-1].id
    return messages
