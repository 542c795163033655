"""A reading assistant and the library's news over WebSockets, when things go wrong."""

import asyncio
import logging
import uuid

from fastapi import FastAPI, WebSocket, WebSocketDisconnect, status
from openai import OpenAIError
from pydantic import BaseModel, ValidationError

from .messages import Answer, Message, Problem, Question, read_message
from .model import PATIENCE, ask_model
from .news import Event, feed
from .shelf import average_pages

logger = logging.getLogger("uvicorn.error")
app = FastAPI(title="Reading assistant")


class News(BaseModel):
    """What somebody at the desk has to tell."""

    text: str


# region report_model: answer() gives the model's answer, or a Problem `model_failed`.
async def answer(question: Question) -> Answer | Problem:
    """Let the model answer a question, not longer than PATIENCE seconds."""
    try:
        async with asyncio.timeout(PATIENCE):
            text = await ask_model(question.text)
    except (TimeoutError, OpenAIError, ValueError):
        logger.warning("The model failed at question %s", question.id, exc_info=True)
        text = "The model does not answer. Please ask again later."
        return Problem(code="model_failed", text=text, id=question.id)
    return Answer(id=question.id, text=text)


# endregion


async def reply(message: Message) -> Answer | Problem:
    """Find out what to say to a message."""
    if isinstance(message, Question):
        return await answer(message)
    return Answer(id=message.id, text=f"{average_pages(message.author)} pages")


# region answer_errors: A message that cannot be read is answered with a Problem `bad_message`.
async def converse(websocket: WebSocket) -> None:
    """Answer a reader's messages until they leave."""
    while True:
        try:
            message = read_message(await websocket.receive_text())
        except (KeyError, ValidationError):
            said: Answer | Problem = Problem(code="bad_message", text="I cannot read this message.")
        else:
            said = await reply(message)
        await websocket.send_text(said.model_dump_json())


# endregion


# region close_unexpected: What nobody expected closes the socket with 1011, and is in the log.
@app.websocket("/assistant")
async def serve_assistant(websocket: WebSocket) -> None:
    """Talk with a reader."""
    await websocket.accept()
    try:
        await converse(websocket)
    except WebSocketDisconnect:
        return
    except Exception:
        incident = uuid.uuid4().hex[:8]
        logger.exception("Incident %s", incident)
        await websocket.close(status.WS_1011_INTERNAL_ERROR, f"Incident {incident}")


# endregion


# region notice_leaving: WS /news sends the news, and stops as soon as the reader has left.
async def send_news(websocket: WebSocket, after: int) -> None:
    """Send the news behind the id `after`, and all that come."""
    try:
        async for event in feed.follow(after):
            await websocket.send_text(event.model_dump_json())
    except WebSocketDisconnect:
        return


@app.websocket("/news")
async def stream_news(websocket: WebSocket, after: int = 0) -> None:
    """Let a reader follow the news."""
    await websocket.accept()
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(send_news(websocket, after))
        while (await websocket.receive())["type"] != "websocket.disconnect":
            continue
        sending.cancel()


# endregion


@app.post("/news", status_code=status.HTTP_201_CREATED)
async def publish_news(news: News) -> Event:
    """Tell all who follow the news."""
    return await feed.publish(news.text)
