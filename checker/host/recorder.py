"""The outermost ASGI layer: notes what the app does with each request and its lifespan."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from .instruments import CURRENT_REQUEST, Instruments
from .seen import Scope, SeenRequest
from .values import jsonable

HEADER = b"x-checker-request"

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class Recorder:
    """Pass everything through unchanged but the judge's header, and keep the facts.

    `lifespan_error` is the exception that ended the lifespan, which servers only log; `started`
    tells whether its start had succeeded.
    """

    def __init__(self, app: App, instruments: Instruments) -> None:
        self.app = app
        self.instruments = instruments
        self.lifespan_error: BaseException | None = None
        self.started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            number, inner = _split(scope)
            await self.serve(number, inner, receive, send)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting_send(message: Message) -> None:
            self.started = self.started or message["type"] == "lifespan.startup.complete"
            await send(message)

        try:
            await self.app(scope, receive, noting_send)
        except BaseException as error:
            self.lifespan_error = error
            if not isinstance(error, asyncio.CancelledError):
                self.instruments.add_exception(error)
            raise

    async def serve(self, number: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; the stall watcher finds `number` in this frame."""
        seen = SeenRequest(number or "", scope)
        if number is not None:
            self.instruments.add_request(seen)
        if scope["type"] == "websocket":
            send = _noting_close(seen, send)
        token = CURRENT_REQUEST.set(number)
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            seen.raised = self.instruments.add_exception(error, number)
            raise
        finally:
            CURRENT_REQUEST.reset(token)
            seen.end()


def _split(scope: Scope) -> tuple[str | None, Scope]:
    """Take the judge's number out of the headers and give the addresses that a TCP server would."""
    number = None
    headers = []
    for name, value in scope["headers"]:
        if name.lower() == HEADER:
            number = value.decode("latin-1")
        else:
            headers.append((name, value))
    inner = {**scope, "headers": headers}
    if inner.get("client") is None:
        inner["client"] = ("127.0.0.1", 50000)
    if not inner.get("server") or inner["server"][1] is None:
        inner["server"] = ("127.0.0.1", 8000)
    return number, inner


def _noting_close(seen: SeenRequest, send: Send) -> Send:
    """Note whether the app accepts a WebSocket, and how it closes it."""

    async def noting_send(message: Message) -> None:
        if message["type"] == "websocket.accept":
            seen.accepted = True
        elif message["type"] == "websocket.close":
            seen.closing = {
                "code": int(message.get("code", 1000)),
                "reason": _reason(message.get("reason")),
                "accepted": bool(seen.accepted),
            }
        await send(message)

    seen.accepted = False
    return noting_send


def _reason(reason: object) -> str:
    """Give a reason as text; FastAPI's own is a list of errors."""
    return reason if isinstance(reason, str) else json.dumps(jsonable(reason)) if reason else ""
