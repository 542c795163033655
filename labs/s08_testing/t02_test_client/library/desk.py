"""The desk: readers log in there, and talk to the librarian over a WebSocket."""

import secrets
from typing import Annotated

from fastapi import (
    APIRouter,
    Cookie,
    Form,
    HTTPException,
    Request,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
    status,
)
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

router = APIRouter()


class Wish(BaseModel):
    """What a reader looks for."""

    title: str


@router.post("/login")
def log_in(request: Request, reader: Annotated[str, Form()]) -> RedirectResponse:
    """Begin a session, and send the reader on to the desk."""
    token = secrets.token_urlsafe()
    request.app.state.sessions[token] = reader
    response = RedirectResponse("/desk", status.HTTP_303_SEE_OTHER)
    response.set_cookie("session", token, httponly=True, secure=True, samesite="lax")
    return response


@router.get("/desk")
def greet(request: Request, session: Annotated[str, Cookie()] = "") -> dict[str, str]:
    """Greet the reader of the session; 401 for anybody else."""
    if session not in request.app.state.sessions:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Log in first.")
    return {"reader": request.app.state.sessions[session]}


@router.websocket("/desk/ws")
async def talk(websocket: WebSocket, reader: str = "") -> None:
    """Tell a reader, who gives a name, the shelf of each title asked for."""
    if not reader:
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION, "Give your name.")
    await websocket.accept()
    await websocket.send_json({"welcome": reader})
    shelves = {book.title: book.shelf for book in websocket.app.state.catalogue.books.values()}
    try:
        while True:
            wish = Wish.model_validate_json(await websocket.receive_text())
            answer = {"title": wish.title, "shelf": shelves.get(wish.title)}
            await websocket.send_json(answer)
    except ValidationError:
        raise WebSocketException(status.WS_1007_INVALID_FRAME_PAYLOAD_DATA, "No title.") from None
    except WebSocketDisconnect:
        return
