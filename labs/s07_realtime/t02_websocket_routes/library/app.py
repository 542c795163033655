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
# endregion


# region answer_questions: Each question is answered with {"titles": [...]} until the reader leaves.
async def answer_questions(websocket: WebSocket, branch: Branch) -> None:
    """Answer a reader's questions; None, which was no question, is passed over."""
    await read_question(websocket)


# endregion


# region read_question: What is no question is answered with an error, and the next one is read.
async def read_question(websocket: WebSocket) -> Question | None:
    """Receive a question; None for a message that is none."""
    return Question(**await websocket.receive_json())


# endregion


# region share_language: Requests and WebSockets alike bring a language; English for all others.
def get_language(request: Request) -> str:
    """Give the language that a reader's Accept-Language begins with, if we greet in it."""
    language = request.headers.get("accept-language", "")[:2].lower()
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
    await websocket.send_json(await websocket.receive_json())


# endregion


# region take_draft: After each text the words so far; the sum is kept when the writer has left.
@router.websocket("/drafts/{reader}")
async def take_draft(websocket: WebSocket, reader: str) -> None:
    """Count the words of a draft while it is written."""
    await websocket.accept()
    text = await websocket.receive_text()
    await websocket.send_json({"words": len(text.split())})


# endregion

app.include_router(router)
