"""A reading room with four doors for WebSockets: by header, by login, by ticket and by cookie."""

import asyncio
import secrets
import time
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect, status
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer
from pydantic import ValidationError

from .chats import find_chat
from .room import TOKEN_EXPIRED, Login, Reader, Ticket, talk
from .settings import settings

app = FastAPI(title="Reading room")


# region check_token: A valid token gives its reader; any other raises jwt.InvalidTokenError.
def read_token(token: str) -> Reader:
    """Find out whose token it is."""
    claims = jwt.decode(
        token,
        settings.key.get_secret_value(),
        algorithms=["HS256"],
        options={"require": ["sub", "exp"]},
    )
    return Reader(name=claims["sub"], expires=claims["exp"])


# endregion


def get_reader(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="token"))]) -> Reader:
    """Find the reader whose token came in the header `Authorization: Bearer ...`."""
    try:
        return read_token(token)
    except jwt.InvalidTokenError as error:
        headers = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(401, "Show a valid token.", headers) from error


def get_cookie_reader(token: Annotated[str, Depends(APIKeyCookie(name="token"))]) -> Reader:
    """Find the reader whose token came in the cookie `token`."""
    return get_reader(token)


ReaderDep = Annotated[Reader, Depends(get_reader)]


@app.get("/me")
def read_me(reader: ReaderDep) -> Reader:
    """Show who asks."""
    return reader


# region end_expired: serve() talks, and closes with TOKEN_EXPIRED once the token has expired.
async def serve(websocket: WebSocket, reader: Reader) -> None:
    """Talk with a reader on an accepted socket, not longer than their token is valid."""
    try:
        async with asyncio.timeout(reader.expires - time.time()):
            await talk(websocket, reader)
    except TimeoutError:
        await websocket.close(TOKEN_EXPIRED, "Token expired.")


# endregion


# region guard_desk: WS /desk serves the reader of the header's token; others are refused with 401.
@app.websocket("/desk")
async def serve_desk(websocket: WebSocket, reader: ReaderDep) -> None:
    """Serve a program, which can send its token in a header."""
    await websocket.accept()
    await serve(websocket, reader)


# endregion


# region first_message: WS /assistant serves after a login; else it closes with 1008.
@app.websocket("/assistant")
async def serve_assistant(websocket: WebSocket) -> None:
    """Serve a page, which sends its token as the first message."""
    await websocket.accept()
    try:
        async with asyncio.timeout(settings.login_seconds):
            login = Login.model_validate_json(await websocket.receive_text())
        reader = read_token(login.token)
    except WebSocketDisconnect:
        return
    except (TimeoutError, KeyError, ValidationError, jwt.InvalidTokenError):
        await websocket.close(status.WS_1008_POLICY_VIOLATION, "Show a valid token.")
        return
    await serve(websocket, reader)


# endregion


# region use_ticket: POST /tickets sells a ticket, which opens a chat's door once and not for long.
tickets: dict[str, tuple[Reader, float]] = {}


@app.post("/tickets", status_code=status.HTTP_201_CREATED)
async def create_ticket(reader: ReaderDep) -> Ticket:
    """Give a reader a ticket."""
    ticket = secrets.token_urlsafe(32)
    tickets[ticket] = reader, time.monotonic() + settings.ticket_seconds
    return Ticket(ticket=ticket)


async def get_ticket_reader(ticket: str = "") -> Reader:
    """Find the reader whose ticket came in the query."""
    reader, deadline = tickets.pop(ticket, (None, 0.0))
    if reader is None or time.monotonic() > deadline:
        raise HTTPException(401, "Show a valid ticket.")
    return reader


# endregion

TicketReaderDep = Annotated[Reader, Depends(get_ticket_reader)]


# region join_chat: Only members come into a chat; all others are refused with 403.
async def check_member(chat_id: int, reader: TicketReaderDep) -> None:
    """Let the members of the chat pass."""
    chat = find_chat(chat_id)
    if chat is None or reader.name not in chat.members:
        raise HTTPException(403, "Not your chat.")


# endregion


@app.websocket("/chats/{chat_id}", dependencies=[Depends(check_member)])
async def serve_chat(websocket: WebSocket, reader: TicketReaderDep) -> None:
    """Serve a page, which can send no header, but a query."""
    await websocket.accept()
    await serve(websocket, reader)


# region check_origin: A handshake from a page of another site is refused with 403.
async def check_origin(origin: Annotated[str | None, Header()] = None) -> None:
    """Let pages of the library pass, and programs, which name no origin."""
    if origin is not None and origin not in settings.origins:
        raise HTTPException(403, "Not from this site.")


# endregion


@app.websocket("/shelf", dependencies=[Depends(check_origin)])
async def serve_shelf(
    websocket: WebSocket, reader: Annotated[Reader, Depends(get_cookie_reader)]
) -> None:
    """Serve a page whose browser sends the cookie by itself."""
    await websocket.accept()
    await serve(websocket, reader)
