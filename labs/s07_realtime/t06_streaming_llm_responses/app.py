"""The reading assistant shows an answer while it is still being written.

Client, catalogue and routes around them are ready; you make the answer stream.
"""

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, TypedDict

from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from fastapi.requests import HTTPConnection
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from openai import AsyncOpenAI, OpenAIError
from pydantic import BaseModel

MODEL = os.environ.get("ASSISTANT_MODEL", "library-1")
SHELF = ("Kindred", "Orlando", "Solaris", "Walden")


class Question(BaseModel):
    """What a reader asks the assistant."""

    text: str


class State(TypedDict):
    """What all requests share."""

    client: AsyncOpenAI


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[State]:
    """Keep one client; it reads OPENAI_BASE_URL and OPENAI_API_KEY by itself."""
    async with AsyncOpenAI(max_retries=0) as client:
        yield {"client": client}


app = FastAPI(title="Reading assistant", lifespan=lifespan)


def get_client(connection: HTTPConnection) -> AsyncOpenAI:
    """Give the shared client, to requests and to WebSockets alike."""
    client: AsyncOpenAI = connection.state.client
    return client


ClientDep = Annotated[AsyncOpenAI, Depends(get_client)]


class Event(BaseModel):
    """Something that happens while a question is answered."""

    kind: str
    data: dict[str, object]


async def find_books(text: str) -> list[str]:
    """Find the books of the shelf that a question names; the catalogue takes a moment."""
    await asyncio.sleep(0.01)
    return [title for title in SHELF if title.lower() in text.lower()]


# region write_tokens: `write` gives each piece of text when the model has made it.
async def write(client: AsyncOpenAI, text: str) -> AsyncIterator[str]:
    """Ask the model, and give the pieces of its answer."""
    completion = await client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": text}]
    )
    yield completion.choices[0].message.content or ""


# endregion


@app.post("/answers/text")
async def answer_as_text(question: Question, client: ClientDep) -> StreamingResponse:
    """Answer with bare text, in chunks."""
    return StreamingResponse(write(client, question.text), media_type="text/plain")


async def answer(client: AsyncOpenAI, text: str) -> AsyncIterator[Event]:
    """Give all that happens while a question is answered, the moment it happens."""
    # region report_progress: progress {"stage": "searching"}, then {"stage": "writing", "books"}.
    # endregion
    count = 0
    # region report_error: if the model fails: error {"code": "model_failed"}, and nothing more.
    async for piece in write(client, text):
        count += 1
        yield Event(kind="token", data={"text": piece})
    # endregion
    yield Event(kind="done", data={"tokens": count})


# region send_events: POST /answers sends each event of `answer` as SSE: kind, data, id from 1.

# endregion


async def send_answer(websocket: WebSocket, client: AsyncOpenAI, text: str) -> None:
    """Send each event of an answer as JSON."""
    async for event in answer(client, text):
        await websocket.send_json({"kind": event.kind, **event.data})


class Inbox:
    """What a reader sends: questions, and a stop for the answer that is being written."""

    def __init__(self) -> None:
        self.questions: asyncio.Queue[str] = asyncio.Queue()
        self.stop = asyncio.Event()

    async def read(self, websocket: WebSocket) -> None:
        """Sort what comes, until the reader leaves."""
        while True:
            message = await websocket.receive_json()
            if message.get("stop"):
                self.stop.set()
            else:
                await self.questions.put(Question.model_validate(message).text)


# region stop_writing: `send_or_stop` sends to the end, or {"kind": "stopped"} once `stop` is set.
async def send_or_stop(
    websocket: WebSocket, client: AsyncOpenAI, text: str, stop: asyncio.Event
) -> None:
    """Send an answer, and listen for a stop at the same time."""
    await send_answer(websocket, client, text)


# endregion


async def answer_questions(websocket: WebSocket, client: AsyncOpenAI, inbox: Inbox) -> None:
    """Answer one question after another."""
    while True:
        text = await inbox.questions.get()
        inbox.stop.clear()
        await send_or_stop(websocket, client, text, inbox.stop)


@app.websocket("/ws/answers")
async def answer_over_websocket(websocket: WebSocket, client: ClientDep) -> None:
    """Read and answer side by side; whichever ends first ends the other."""
    await websocket.accept()
    inbox = Inbox()
    reading = asyncio.create_task(inbox.read(websocket))
    answering = asyncio.create_task(answer_questions(websocket, client, inbox))
    try:
        done, _ = await asyncio.wait({reading, answering}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        reading.cancel()
        answering.cancel()
        await asyncio.gather(reading, answering, return_exceptions=True)
    with suppress(WebSocketDisconnect):
        for task in done:
            task.result()
