"""The library's counters: routes on which readers ask, hand in scans and write drafts."""

import json
from contextlib import suppress
from hashlib import sha256
from typing import Annotated

from fastapi import (
    APIRouter,
    Body,
    Depends,
    FastAPI,
    Header,
    Path,
    Query,
    Request,
    WebSocket,
    WebSocketDisconnect,
)
from fastapi.websockets import WebSocketState
from pydantic import ValidationError

from .catalogue import Branch, Question, find_titles, shelves

GREETINGS = {"en": "Good morning", "de": "Guten Morgen", "fr": "Bonjour"}

app = FastAPI(title="Counters")
router = APIRouter(prefix="/desk")
drafts: dict[str, int] = {}


@app.post("/shelves/{branch}", status_code=201)
def add_title(branch: Branch, title: Annotated[str, Body(embed=True)]) -> None:
    """Put a book on a branch's shelf."""
    shelves[branch].append(title)


@app.get("/drafts")
def list_drafts() -> dict[str, int]:
    """Tell how many words each reader's last draft had."""
    return drafts


# region open_counter: /counters/{branch}?reader= opens and greets; two letters at least.
async def serve_counter(
    socket: WebSocket,
    at: Annotated[Branch, Path(alias="branch")],
    who: Annotated[str, Query(alias="reader", pattern="^..")],
) -> None:
    """Greet a reader at a counter, then answer what they ask."""
    await socket.accept()
    await socket.send_text(json.dumps({"reader": who, "branch": at.value}))
    await answer_questions(socket, at)


app.add_api_websocket_route("/counters/{branch}", serve_counter)


# endregion


# region answer_questions: Each question is answered with {"titles": [...]} until the reader leaves.
async def answer_questions(websocket: WebSocket, branch: Branch) -> None:
    """Answer a reader's questions; None, which was no question, is passed over."""
    with suppress(WebSocketDisconnect):
        while websocket.application_state is WebSocketState.CONNECTED:
            if question := await read_question(websocket):
                titles = find_titles(branch, question)
                await websocket.send_bytes(json.dumps({"titles": titles}).encode())


# endregion


# region read_question: What is no question is answered with an error, and the next one is read.
async def read_question(websocket: WebSocket) -> Question | None:
    """Receive a question; None for a message that is none."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    if message.get("text") is None:
        await websocket.send_json({"error": "text only"})
        return None
    try:
        data = json.loads(message["text"])
    except json.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        await websocket.send_json({"error": "no question", "fields": []})
        return None
    try:
        return Question(**data)
    except ValidationError as problem:
        fields = [".".join(map(str, one["loc"])) for one in problem.errors()]
        await websocket.send_json({"error": "no question", "fields": fields})
        return None


# endregion


# region share_language: Requests and WebSockets alike bring a language; English for all others.
def get_language(accept_language: Annotated[str, Header()] = "") -> str:
    """Give the language that a reader's Accept-Language begins with, if we greet in it."""
    return next((one for one in GREETINGS if accept_language.lower().startswith(one)), "en")


# endregion

LanguageDep = Annotated[str, Depends(get_language)]


@app.get("/greeting")
def greet(request: Request, language: LanguageDep) -> str:
    """Greet in the reader's language, as this path."""
    return f"{GREETINGS[language]} from {request.url.path}"


@app.websocket("/greeting")
async def greet_caller(websocket: WebSocket, language: LanguageDep) -> None:
    """Greet in the reader's language, on a line that is closed at once."""
    await websocket.accept()
    await websocket.send_text(f"{GREETINGS[language]} from {websocket.url.path}")
    await websocket.close()


# region take_scans: Binary parts until the text "done"; then size and SHA-256, and the next scan.
@router.websocket("/scans")
async def take_scans(websocket: WebSocket) -> None:
    """Take scans in parts, and say of each what has arrived."""
    await websocket.accept()
    digest, size = sha256(), 0
    while True:
        try:
            part = await websocket.receive_bytes()
            digest.update(part)
            size += len(part)
        except KeyError:  # it was a text, and that can only be "done"
            await websocket.send_json({"sha256": digest.hexdigest(), "bytes": size})
            digest, size = sha256(), 0
        except WebSocketDisconnect:
            return


# endregion


# region take_draft: After each text the words so far; the sum is kept when the writer has left.
@router.websocket("/drafts/{reader}")
async def take_draft(websocket: WebSocket, reader: str) -> None:
    """Count the words of a draft while it is written."""
    await websocket.accept()
    words = 0
    try:
        while True:
            words += len((await websocket.receive_text()).split())
            await websocket.send_json({"words": words})
    except WebSocketDisconnect:
        pass
    finally:
        drafts[reader] = words


# endregion

app.include_router(router)
