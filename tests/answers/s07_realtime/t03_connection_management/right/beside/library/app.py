"""The library over WebSockets: who is connected, who has left, who no longer answers."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fastapi import FastAPI, HTTPException, WebSocket, WebSocketDisconnect, status
from pydantic import BaseModel

from .book import turn_to
from .registry import Connection, Registry

HEARTBEAT = float(os.environ.get("HEARTBEAT", "20"))  # seconds of silence until we ask
SIGNED_OUT = 4001
NO_ANSWER = 4008

registry = Registry()

app = FastAPI(title="Library")


class Notice(BaseModel):
    """Something that a reader should know."""

    text: str


@app.websocket("/live/{reader}")
async def live(websocket: WebSocket, reader: str, device: str = "browser") -> None:
    """Keep a reader's device connected."""
    await websocket.accept()
    connection = Connection(reader, device, websocket)
    # region let_go: However the conversation ends, the connection leaves the registry.
    with registered(connection):
        heart = asyncio.create_task(beat(connection))
        try:
            await converse(connection)
        finally:
            heart.cancel()
    # endregion


async def converse(connection: Connection) -> None:
    """Note the pages that the device turns to, until it leaves."""
    while True:
        message = await next_message(connection)
        if "page" in message:
            connection.page = turn_to(message["page"])
            await connection.websocket.send_json({"noted": connection.page})


# region heartbeat: Silence for HEARTBEAT seconds is answered by a ping, as much again by the end.
async def next_message(connection: Connection) -> dict[str, Any]:
    """Wait for the device's next message, and make sure that it still lives."""
    message: dict[str, Any] = await connection.websocket.receive_json()
    connection.silent = False
    return message


@contextmanager
def registered(connection: Connection) -> Iterator[None]:
    """Keep a connection in the registry for the block; a disconnect ends it quietly."""
    registry.add(connection)
    with suppress(WebSocketDisconnect):
        try:
            yield
        finally:
            registry.remove(connection)


async def beat(connection: Connection) -> None:
    """Ping at every beat, until a ping goes without an answer."""
    await asyncio.sleep(HEARTBEAT)
    while not connection.silent:
        connection.silent = True
        await connection.websocket.send_json({"type": "ping"})
        await asyncio.sleep(HEARTBEAT)
    await connection.websocket.close(NO_ANSWER, "No sign of life.")


# endregion


@app.get("/readers")
async def count_connections() -> dict[str, int]:
    """Tell who is connected, and with how many devices."""
    return registry.count()


@app.get("/readers/{reader}/connections")
async def list_connections(reader: str) -> list[dict[str, str | int]]:
    """Tell what is known of a reader's connections."""
    return [connection.describe() for connection in registry.find(reader)]


# region reach_devices: POST sends a notice to every device of a reader and counts them, else 404.
@app.post("/readers/{reader}/notices")
async def send_notice(reader: str, notice: Notice) -> dict[str, int]:
    """Send a notice to all of a reader's devices."""
    connections = registry.find(reader)
    if not connections:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Not connected.")
    for connection in connections:
        await connection.websocket.send_json({"notice": notice.text})
    return {"sent": len(connections)}


# endregion


# region sign_out: DELETE closes every connection of a reader with 4001, and they are gone at once.
@app.delete("/readers/{reader}/connections")
async def sign_out(reader: str) -> dict[str, int]:
    """End all connections of a reader."""
    connections = registry.find(reader)
    for connection in connections:
        registry.remove(connection)
        await connection.websocket.close(SIGNED_OUT, "Signed out.")
    return {"closed": len(connections)}


# endregion


@app.get("/health")
async def read_health() -> dict[str, int]:
    """Count what a leak would let grow: connections, and tasks on the event loop."""
    return {"connections": sum(registry.count().values()), "tasks": len(asyncio.all_tasks())}
