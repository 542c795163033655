"""A counter of the library to talk to over a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

app = FastAPI()
HERE: list[WebSocket] = []
BOOKS = {"Emma": 1, "Ulysses": 2}


@app.websocket("/counter/{number}")
async def serve_counter(socket: WebSocket, number: int, reader: str) -> None:
    """Answer what a reader asks, until they leave or say goodbye."""
    if reader == "nobody":
        await socket.close(1008, "who are you?")
        return
    await socket.accept()
    await socket.send_json({"counter": number, "reader": reader})
    try:
        while await answer(socket):
            pass
    except WebSocketDisconnect:
        pass


async def answer(socket: WebSocket) -> bool:
    """Answer one question; False after the last one."""
    try:
        question = json.loads(await socket.receive_text())
    except ValueError:
        await socket.send_json({"error": "not JSON"})
        return True
    if "title" not in question:
        await socket.close(1000, "goodbye")
        return False
    await socket.send_json({"id": BOOKS.get(question["title"])})
    return True


@app.websocket("/hall")
async def join_hall(socket: WebSocket) -> None:
    """Pass what one says on to all."""
    await socket.accept()
    HERE.append(socket)
    try:
        async for text in socket.iter_text():
            for one in HERE:
                await one.send_text(text)
    finally:
        HERE.remove(socket)


@app.get("/words")
async def read_words() -> StreamingResponse:
    """Read aloud."""

    async def words() -> AsyncIterator[str]:
        for word in ("call", "me", "Ishmael"):
            yield f"data: {word}\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(words(), media_type="text/event-stream")
