"""The library's reading room, to which a reader holds a line for as long as they stay."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

WELCOME = "Welcome to the reading room."
LONGEST = 60  # characters of a title
TOO_BIG = 1009  # the close code for a message that is too long
SHELVES = {"Emma": "A3", "Middlemarch": "B1", "Ulysses": "C7"}


class Hours(BaseModel):
    """Whether readers are let in."""

    open: bool = True


class Ending(BaseModel):
    """How a reader ended their line."""

    code: int
    reason: str


app = FastAPI(title="Reading room")
hours = Hours()
journal: list[Ending] = []


@app.put("/hours")
def set_hours(new: Hours) -> Hours:
    """Open or close the reading room."""
    hours.open = new.open
    return hours


@app.get("/journal")
def read_journal() -> list[Ending]:
    """List how readers ended their lines, the latest last."""
    return journal


@app.websocket("/line")
async def try_line(socket: WebSocket) -> None:
    """Open any line, say one word and close it; something to try a handshake on."""
    await socket.accept()
    await socket.send_text("Hello!")
    await socket.close()


# region refuse: While the room is closed, the handshake is refused: no line is opened.
async def let_in(socket: WebSocket) -> bool:
    """Open the reader's line, or refuse it; tell whether it is open."""
    await socket.accept()
    return True


# endregion


# region hold_line: WELCOME, each title's shelf; closes with 1000 at "goodbye", 1009 if too long.
async def hold_line(socket: WebSocket) -> None:
    """Greet a reader, tell where titles stand, and close the line when the talk is over."""
    await socket.send_text(WELCOME)


# endregion


# region note_ending: The code and reason with which a reader leaves are noted in the journal.
@app.websocket("/room")
async def serve_reader(socket: WebSocket) -> None:
    """Lead a reader's line through its life."""
    if await let_in(socket):
        await hold_line(socket)


# endregion
