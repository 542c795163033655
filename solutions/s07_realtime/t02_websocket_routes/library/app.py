"""The library's counters: routes on which readers ask, hand in scans and write drafts."""

from hashlib import sha256
from typing import Annotated

from fastapi import (
    APIRouter,
    Body,
    Depends,
    FastAPI,
    Query,
    Request,
    WebSocket,
    WebSocketDisconnect,
)
from fastapi.requests import HTTPConnection
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
@app.websocket("/counters/{branch}")
async def serve_counter(
    websocket: WebSocket, branch: Branch, reader: Annotated[str, Query(min_length=2)]
) -> None:
    """Greet a reader at a counter, then answer what they ask."""
    await websocket.accept()
    await websocket.send_json({"branch": branch, "reader": reader})
    await answer_questions(websocket, branch)


# endregion


# region answer_questions: Each question is answered with {"titles": [...]} until the reader leaves.
async def answer_questions(websocket: WebSocket, branch: Branch) -> None:
    """Answer a reader's questions; None, which was no question, is passed over."""
    try:
        while True:
            question = await read_question(websocket)
            if question is not None:
                await websocket.send_json({"titles": find_titles(branch, question)})
    except WebSocketDisconnect:
        return


# endregion


# region read_question: What is no question is answered with an error, and the next one is read.
async def read_question(websocket: WebSocket) -> Question | None:
    """Receive a question; None for a message that is none."""
    try:
        return Question.model_validate_json(await websocket.receive_text())
    except KeyError:
        error: dict[str, object] = {"error": "text only"}
    except ValidationError as problem:
        fields = [str(one["loc"][0]) for one in problem.errors() if one["loc"]]
        error = {"error": "no question", "fields": fields}
    await websocket.send_json(error)
    return None


# endregion


# region share_language: Requests and WebSockets alike bring a language; English for all others.
def get_language(connection: HTTPConnection) -> str:
    """Give the language that a reader's Accept-Language begins with, if we greet in it."""
    language = connection.headers.get("accept-language", "")[:2].lower()
    return language if language in GREETINGS else "en"


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
    scan = b""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        if (part := message.get("bytes")) is not None:
            scan += part
        elif message["text"] == "done":
            await websocket.send_json({"bytes": len(scan), "sha256": sha256(scan).hexdigest()})
            scan = b""


# endregion


# region take_draft: After each text the words so far; the sum is kept when the writer has left.
@router.websocket("/drafts/{reader}")
async def take_draft(websocket: WebSocket, reader: str) -> None:
    """Count the words of a draft while it is written."""
    await websocket.accept()
    words = 0
    async for text in websocket.iter_text():
        words += len(text.split())
        await websocket.send_json({"words": words})
    drafts[reader] = words


# endregion

app.include_router(router)
