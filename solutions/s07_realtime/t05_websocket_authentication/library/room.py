"""Who comes in, what they show at the door, and the talk inside. Leave this file alone."""

from typing import Literal

from fastapi import WebSocket
from pydantic import BaseModel

TOKEN_EXPIRED = 3000  # the close code that IANA has registered as "Unauthorized"


class Reader(BaseModel):
    """Who has come in, and when the token expires, on the clock of `time.time()`."""

    name: str
    expires: float


class Login(BaseModel):
    """The first message at the assistant's door."""

    type: Literal["login"]
    token: str


class Ticket(BaseModel):
    """What opens a chat's door once."""

    ticket: str


async def talk(websocket: WebSocket, reader: Reader) -> None:
    """Greet the reader, then repeat what they write until they leave."""
    await websocket.send_json({"type": "welcome", "reader": reader.name})
    async for text in websocket.iter_text():
        await websocket.send_json({"type": "note", "from": reader.name, "text": text})
