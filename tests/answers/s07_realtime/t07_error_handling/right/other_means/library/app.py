"""A reading assistant and the library's news over WebSockets, when things go wrong."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect, status
from fastapi.websockets import WebSocketState
from pydantic import BaseModel

from .messages import Answer, Message, Problem, Question, read_message
from .model import PATIENCE, ask_model
from .news import Event, feed
from .shelf import average_pages

app = FastAPI(title="Reading assistant")


class News(BaseModel):
    """What somebody at the desk has to tell."""

    text: str


# region report_model: answer() gives the model's answer, or a Problem `model_failed`.
async def answer(question: Question) -> Answer | Problem:
    """Let the model answer a question, not longer than PATIENCE seconds."""
    asking = asyncio.create_task(ask_model(question.text))
    await asyncio.wait({asking}, timeout=PATIENCE)
    if asking.done() and asking.exception() is None:
        return Answer(id=question.id, text=asking.result())
    asking.cancel()
    apology = "The model does not answer. Please ask again later."
    return Problem(code="model_failed", text=apology, id=question.id)


# endregion


async def reply(message: Message) -> Answer | Problem:
    """Find out what to say to a message."""
    if isinstance(message, Question):
        return await answer(message)
    return Answer(id=message.id, text=f"{average_pages(message.author)} pages")


# region answer_errors: A message that cannot be read is answered with a Problem `bad_message`.
async def converse(websocket: WebSocket) -> None:
    """Answer a reader's messages until they leave."""
    while (frame := await websocket.receive())["type"] == "websocket.receive":
        try:
            message = read_message(frame.get("text") or "")
        except ValueError as error:
            problem = Problem(code="bad_message", text=f"{type(error).__name__}: please send JSON.")
            await websocket.send_json(problem.model_dump())
            continue
        await websocket.send_json((await reply(message)).model_dump())


# endregion


# region close_unexpected: What nobody expected closes the socket with 1011, and is in the log.
@asynccontextmanager
async def incidents(websocket: WebSocket) -> AsyncIterator[None]:
    """Close a socket whose handler fails, and log why."""
    try:
        yield
    except WebSocketDisconnect:
        pass
    except Exception as error:
        reason = f"Incident {secrets.token_hex(4)}"
        logging.getLogger(__name__).error(reason, exc_info=error)
        with suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(1011, reason)


@app.websocket("/assistant")
async def serve_assistant(websocket: WebSocket) -> None:
    """Talk with a reader."""
    async with incidents(websocket):
        await websocket.accept()
        await converse(websocket)


# endregion


# region notice_leaving: WS /news sends the news, and stops as soon as the reader has left.
async def hear_out(websocket: WebSocket) -> None:
    """Wait until the reader leaves, whatever they say before."""
    while websocket.client_state is WebSocketState.CONNECTED:
        await websocket.receive()


async def send_all(websocket: WebSocket, after: int) -> None:
    """Send the news behind the id `after`, and all that come."""
    async with aclosing(feed.follow(after)) as events:
        async for event in events:
            await websocket.send_json(event.model_dump())


@app.websocket("/news")
async def stream_news(websocket: WebSocket, after: int = 0) -> None:
    """Let a reader follow the news."""
    await websocket.accept()
    tasks = {
        asyncio.create_task(hear_out(websocket)),
        asyncio.create_task(send_all(websocket, after)),
    }
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# endregion


@app.post("/news", status_code=status.HTTP_201_CREATED)
async def publish_news(news: News) -> Event:
    """Tell all who follow the news."""
    return await feed.publish(news.text)
