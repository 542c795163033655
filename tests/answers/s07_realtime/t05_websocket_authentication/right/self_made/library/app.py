"""A reading room with four doors for WebSockets: by header, by login, by ticket and by cookie."""

import asyncio
import json
import time
import uuid
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketException, status
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer
from fastapi.websockets import WebSocketState
from pydantic import BaseModel, ValidationError

from .chats import Chat, find_chat
from .room import TOKEN_EXPIRED, Reader, talk
from .settings import settings

app = FastAPI(title="Reading room")


# region check_token: A valid token gives its reader; any other raises jwt.InvalidTokenError.
class Claims(BaseModel):
    """What must stand in a token."""

    sub: str
    exp: int


def read_token(token: str) -> Reader:
    """Find out whose token it is."""
    decoded = jwt.decode_complete(token, settings.key.get_secret_value(), algorithms=["HS256"])
    try:
        claims = Claims.model_validate(decoded["payload"])
    except ValidationError as error:
        raise jwt.InvalidTokenError("a claim is missing") from error
    return Reader(name=claims.sub, expires=claims.exp)


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
    talking = asyncio.create_task(talk(websocket, reader))
    done, _ = await asyncio.wait({talking}, timeout=reader.expires - time.time())
    if not done:
        talking.cancel()
        await asyncio.wait({talking})
        await websocket.close(TOKEN_EXPIRED, "Token expired.")
    elif error := talking.exception():
        raise error


# endregion


# region guard_desk: WS /desk serves the reader of the header's token; others are refused with 401.
def keep_reader(connection: HTTPConnection) -> None:
    """Find the reader, and keep them in the state of the connection."""
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "Show a token.")
    connection.state.reader = get_reader(token)


@app.websocket("/desk", dependencies=[Depends(keep_reader)])
async def serve_desk(websocket: WebSocket) -> None:
    """Serve a program, which can send its token in a header."""
    await websocket.accept()
    await serve(websocket, websocket.state.reader)


# endregion


# region first_message: WS /assistant serves after a login; else it closes with 1008.
async def login(websocket: WebSocket) -> Reader | None:
    """Find the reader by the first message; None if there is no good one."""
    try:
        message = await asyncio.wait_for(websocket.receive(), settings.login_seconds)
    except TimeoutError:
        return None
    if message["type"] != "websocket.receive" or message.get("text") is None:
        return None
    try:
        said = json.loads(message["text"])
        return read_token(said["token"]) if said["type"] == "login" else None
    except (ValueError, LookupError, TypeError, jwt.InvalidTokenError):
        return None


@app.websocket("/assistant")
async def serve_assistant(websocket: WebSocket) -> None:
    """Serve a page, which sends its token as the first message."""
    await websocket.accept()
    reader = await login(websocket)
    if reader is not None:
        await serve(websocket, reader)
    elif websocket.client_state is WebSocketState.CONNECTED:
        raise WebSocketException(1008, "Show a valid token.")


# endregion


# region use_ticket: POST /tickets sells a ticket, which opens a chat's door once and not for long.
redeemed: set[str] = set()


@app.post("/tickets", status_code=status.HTTP_201_CREATED)
async def create_ticket(reader: ReaderDep) -> dict[str, str]:
    """Give a reader a ticket: a token of another kind, with a number that is valid once."""
    claims = {
        "reader": reader.model_dump(),
        "jti": uuid.uuid4().hex,
        "until": time.time() + settings.ticket_seconds,
    }
    return {"ticket": jwt.encode(claims, settings.key.get_secret_value())}


def get_ticket_reader(connection: HTTPConnection) -> Reader:
    """Find the reader whose ticket came in the query."""
    ticket = connection.query_params.get("ticket", "")
    try:
        claims = jwt.decode(ticket, settings.key.get_secret_value(), algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Show a valid ticket.") from error
    if claims["jti"] in redeemed or claims["until"] < time.time():
        raise HTTPException(401, "Show a valid ticket.")
    redeemed.add(claims["jti"])
    return Reader.model_validate(claims["reader"])


# endregion

TicketReaderDep = Annotated[Reader, Depends(get_ticket_reader)]


# region join_chat: Only members come into a chat; all others are refused with 403.
def check_member(chat_id: int, reader: TicketReaderDep) -> None:
    """Let the members of the chat pass."""
    match find_chat(chat_id):
        case Chat(members=members) if reader.name in members:
            return
        case _:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Not your chat.")


# endregion


@app.websocket("/chats/{chat_id}", dependencies=[Depends(check_member)])
async def serve_chat(websocket: WebSocket, reader: TicketReaderDep) -> None:
    """Serve a page, which can send no header, but a query."""
    await websocket.accept()
    await serve(websocket, reader)


# region check_origin: A handshake from a page of another site is refused with 403.
def check_origin(connection: HTTPConnection) -> None:
    """Let pages of the library pass, and programs, which name no origin."""
    origins = set(connection.headers.getlist("origin"))
    if origins - settings.origins:
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION)


# endregion


@app.websocket("/shelf", dependencies=[Depends(check_origin)])
async def serve_shelf(
    websocket: WebSocket, reader: Annotated[Reader, Depends(get_cookie_reader)]
) -> None:
    """Serve a page whose browser sends the cookie by itself."""
    await websocket.accept()
    await serve(websocket, reader)
