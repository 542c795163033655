"""Generate an answer token by token over HTTP, notice at once when the client leaves, and err."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from checker.services.llm.state import Record, Script, State

JSON = Any
CREATED = 1_767_225_600  # an answer is the same whenever it is given


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written."""

    read: int
    written: int


class Shape(ABC):
    """How an endpoint wraps what is generated."""

    @abstractmethod
    def opening(self) -> Iterator[bytes]:
        """Give the events before the first token."""

    @abstractmethod
    def piece(self, token: str) -> bytes:
        """Give the event of one token."""

    @abstractmethod
    def closing(self, text: str, written: int) -> Iterator[bytes]:
        """Give the events after the last token."""

    @abstractmethod
    def whole(self, text: str, written: int) -> JSON:
        """Give the body of an answer in one piece."""


class Broken(Exception):
    """Break the answer off, in the middle."""


class Generation(Response):
    """An answer that is generated while it is sent."""

    def __init__(
        self,
        state: State,
        record: Record,
        shape: Shape,
        pieces: list[str],
        scripts: dict[str, Script],
    ) -> None:
        self.background = None
        self._state = state
        self._record = record
        self._shape = shape
        self._pieces = pieces
        self._scripts = scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, and stop as soon as nobody listens."""
        del scope
        producing = asyncio.ensure_future(self._produce(send))
        leaving = asyncio.ensure_future(_until_disconnect(receive))
        try:
            await asyncio.wait({producing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone = not producing.done()
            producing.cancel()
            leaving.cancel()
            if gone:
                self._record.outcome = "cancelled"
            await asyncio.wait({producing, leaving})
        if not gone and producing.exception() is None:
            return
        if not gone and not isinstance(producing.exception(), Broken):
            producing.result()

    async def _produce(self, send: Send) -> None:
        record = self._record
        if record.stream:
            await self._stream(send)
        else:
            text = "".join([token async for token in self._tokens()])
            await self._send_whole(send, text)
        record.outcome = "broken" if "garble" in self._scripts else "completed"

    async def _tokens(self) -> AsyncIterator[str]:
        """Generate; a plain answer is generated as well, before it is sent."""
        slow, stall = self._scripts.get("slow"), self._scripts.get("stall")
        seconds = slow.seconds if slow else self._state.seconds
        for number, token in enumerate(self._pieces):
            if stall is not None and number == stall.after:
                await self._state.wait_for_release()
            await asyncio.sleep(seconds)
            self._record.generated += 1
            self._record.text += token
            yield token
        if stall is not None and stall.after >= len(self._pieces):
            await self._state.wait_for_release()

    async def _stream(self, send: Send) -> None:
        await _begin(send, [(b"content-type", b"text/event-stream; charset=utf-8")])
        cut, garble = self._scripts.get("cut"), self._scripts.get("garble")
        for event in self._shape.opening():
            await _more(send, event)
        number = 0
        async for token in self._tokens():
            if cut is not None and number == cut.after:
                self._break_off()
            event = self._shape.piece(token)
            if garble is not None and number == garble.after:
                event = event[: len(event) // 2] + b"\n\n"
            await _more(send, event)
            number += 1
        if cut is not None:
            self._break_off()
        for event in self._shape.closing(self._record.text, self._record.generated):
            await _more(send, event)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_whole(self, send: Send, text: str) -> None:
        body = json.dumps(self._shape.whole(text, self._record.generated)).encode()
        if "garble" in self._scripts:
            body = body[: len(body) // 2]
        length = str(len(body)).encode()
        await _begin(send, [(b"content-type", b"application/json"), (b"content-length", length)])
        if "cut" in self._scripts:
            await _more(send, body[: len(body) // 2])
            self._break_off()
        await send({"type": "http.response.body", "body": body})

    def _break_off(self) -> None:
        self._record.outcome = "broken"
        raise Broken


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def event(data: JSON, name: str = "") -> bytes:
    """Give one server-sent event; one that has a name carries it in a line of its own."""
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


def error(
    status: int, message: str, kind: str, code: str | None = None, param: str | None = None
) -> JSONResponse:
    """Give an error as OpenAI shapes it."""
    body = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": body}, status)


def refusal(record: Record, script: Script) -> JSONResponse:
    """Refuse a request as its script says."""
    record.outcome = "refused"
    if script.status == 429:
        message, kind, code = "Rate limit reached.", "rate_limit_error", "rate_limit_exceeded"
    else:
        message, kind, code = "The server had an error.", "server_error", None
    response = error(script.status, message, kind, code)
    if script.retry_after is not None:
        response.headers["retry-after"] = f"{script.retry_after:g}"
    return response
