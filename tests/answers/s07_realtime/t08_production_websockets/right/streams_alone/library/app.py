"""Reading rooms that are served by any number of instances."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, cast

from fastapi import FastAPI, Query, Response, WebSocket, WebSocketDisconnect, status
from pydantic import BaseModel
from redis.exceptions import RedisError

from . import polls
from .bells import listen, ring, ring_here
from .log import Message, keep, log_of, message_of, read
from .seats import count, sit
from .store import INSTANCE, store


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Listen to the bells of all instances as long as the app runs."""
    app.state.listening = asyncio.create_task(listen())
    yield
    app.state.listening.cancel()
    await asyncio.wait({app.state.listening})
    await store.aclose()


app = FastAPI(title="Reading rooms", lifespan=lifespan)
app.include_router(polls.router)
After = Annotated[str, Query(pattern=r"^\d+(-\d+)?$")]


class Words(BaseModel):
    """What a reader has to say."""

    reader: str
    text: str


@app.get("/health")
async def check_health(response: Response) -> dict[str, str]:
    """Tell whether this instance can do its work: 503 if not."""
    try:
        healthy = bool(await store.ping()) and not app.state.listening.done()
    except RedisError:
        healthy = False
    if not healthy:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return {"instance": INSTANCE, "health": "good" if healthy else "no Redis, no rooms"}


@app.get("/rooms/{room}")
async def describe_room(room: str) -> dict[str, int]:
    """Count the readers in a room."""
    return {"readers": await count(room)}


@app.get("/rooms/{room}/messages")
async def list_messages(room: str, after: After = "0") -> list[Message]:
    """List what was said behind the id `after`."""
    return await read(room, after)


@app.post("/rooms/{room}/messages", status_code=201)
async def say_something(room: str, words: Words) -> Message:
    """Say something in a room."""
    message = await keep(room, words.reader, words.text)
    ring_here(room)
    await ring(room)
    return message


# region follow_room: follow() gives what was missed, then what comes; nothing twice, nothing lost.
async def follow(room: str, after: str) -> AsyncGenerator[Message, None]:
    """Let Redis wait for what is behind the last id: no bells at all, but a connection a reader."""
    while True:
        found = await store.xread({log_of(room): after}, block=1000, count=50)
        for _, entries in cast("list[tuple[str, list[tuple[str, object]]]]", found or []):
            for key, fields in entries:
                yield message_of(key, fields)
                after = key


# endregion


async def send_messages(websocket: WebSocket, room: str, after: str) -> None:
    """Send what is said in a room, until the reader is gone."""
    with suppress(WebSocketDisconnect):
        async for message in follow(room, after):
            await websocket.send_json(message.model_dump())


@app.websocket("/rooms/{room}")
async def join_room(websocket: WebSocket, room: str, after: After = "0") -> None:
    """Tell a reader who serves them, then all that is said; what they send is ignored."""
    await websocket.accept()
    await websocket.send_json({"instance": INSTANCE})
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(send_messages(websocket, room, after))
        sitting = group.create_task(sit(room, uuid.uuid4().hex))
        while (await websocket.receive())["type"] != "websocket.disconnect":
            continue
        sending.cancel()
        sitting.cancel()
