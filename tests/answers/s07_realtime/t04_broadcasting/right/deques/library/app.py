"""The reading rooms: clients join rooms, and hear what others say there."""

import asyncio
from typing import Literal

from fastapi import FastAPI, WebSocket, WebSocketDisconnect, status
from pydantic import BaseModel

from .broker import Broker, Mailbox, Message
from .diary import Diary

MAILBOX = 20  # messages that wait for one client
LOANS = "loans"

broker = Broker()
diary = Diary()
broker.subscribe(LOANS, diary)

app = FastAPI(title="Reading rooms")


class Command(BaseModel):
    """What a client wants: to join or leave a room, or to say something there."""

    do: Literal["join", "leave", "say"]
    room: str
    text: str = ""


class Loan(BaseModel):
    """A book that a reader has borrowed."""

    reader: str
    title: str


@app.websocket("/live/{reader}")
async def live(websocket: WebSocket, reader: str) -> None:
    """Connect a reader's device, which may be in several rooms."""
    await websocket.accept()
    mailbox = Mailbox(MAILBOX)
    # region clean_up: However it ends, the mailbox leaves every room and its writer stops.
    writer = asyncio.create_task(write(websocket, mailbox))
    try:
        await obey(websocket, reader, mailbox)
    except WebSocketDisconnect:
        return
    finally:
        broker.leave_all(mailbox)
        writer.cancel()
    # endregion


async def obey(websocket: WebSocket, reader: str, mailbox: Mailbox) -> None:
    """Do what the client wants, until it leaves."""
    while True:
        command = Command.model_validate(await websocket.receive_json())
        match command.do:
            case "join":
                broker.subscribe(command.room, mailbox)
            case "leave":
                broker.unsubscribe(command.room, mailbox)
            case "say":
                broker.publish(command.room, reader, command.text, sender=mailbox)
        await asyncio.sleep(0)  # a burst of commands leaves the writers their turns


# region write: What is put into the mailbox is sent to its client, one message after the other.
async def write(websocket: WebSocket, mailbox: Mailbox) -> None:
    """Send the client its messages, as fast as it takes them."""
    try:
        while True:
            await websocket.send_json(await mailbox.get())
    except WebSocketDisconnect:
        return


# endregion


@app.get("/rooms")
async def count_members() -> dict[str, int]:
    """Count the subscribers of each room."""
    return {name: len(topic.subscribers) for name, topic in broker.topics.items()}


@app.post("/loans", status_code=status.HTTP_201_CREATED)
async def lend_book(loan: Loan) -> dict[str, int]:
    """Lend a book, and tell whoever wants to know."""
    return {"told": broker.publish(LOANS, loan.reader, f"has borrowed {loan.title}")}


@app.get("/diary")
async def read_diary() -> list[Message]:
    """Show what the diary has noted."""
    return list(diary.entries)


@app.get("/health")
async def read_health() -> dict[str, int]:
    """Count the tasks on the event loop."""
    return {"tasks": len(asyncio.all_tasks())}
