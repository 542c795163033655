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
    claims = jwt.decode(token, options={"verify_signature": False})
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
    await talk(websocket, reader)


# endregion


# region guard_desk: WS /desk serves the reader of the header's token; others are refused with 401.
@app.websocket("/desk")
async def serve_desk(websocket: WebSocket) -> None:
    """Serve a program, which can send its token in a header."""
    await websocket.accept()
    await serve(websocket, Reader(name="anyone", expires=time.time() + 3600))


# endregion


# region first_message: WS /assistant serves after a login; else it closes with 1008.
@app.websocket("/assistant")
async def serve_assistant(websocket: WebSocket) -> None:
    """Serve a page, which sends its token as the first message."""
    await websocket.accept()
    await serve(websocket, Reader(name="anyone", expires=time.time() + 3600))


# endregion


# region use_ticket: POST /tickets sells a ticket, which opens a chat's door once and not for long.
async def get_ticket_reader(token: str) -> Reader:
    """Find the reader whose token came in the query."""
    return get_reader(token)


# endregion

TicketReaderDep = Annotated[Reader, Depends(get_ticket_reader)]


# region join_chat: Only members come into a chat; all others are refused with 403.
async def check_member(chat_id: int, reader: TicketReaderDep) -> None:
    """Let the members of the chat pass."""


# endregion


@app.websocket("/chats/{chat_id}", dependencies=[Depends(check_member)])
async def serve_chat(websocket: WebSocket, reader: TicketReaderDep) -> None:
    """Serve a page, which can send no header, but a query."""
    await websocket.accept()
    await serve(websocket, reader)


# region check_origin: A handshake from a page of another site is refused with 403.
async def check_origin(origin: Annotated[str | None, Header()] = None) -> None:
    """Let pages of the library pass, and programs, which name no origin."""


# endregion


@app.websocket("/shelf", dependencies=[Depends(check_origin)])
async def serve_shelf(
    websocket: WebSocket, reader: Annotated[Reader, Depends(get_cookie_reader)]
) -> None:
    """Serve a page whose browser sends the cookie by itself."""
    await websocket.accept()
    await serve(websocket, reader)
