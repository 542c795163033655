"""The WebSocket client's connection that notes each frame when it comes."""

import asyncio
from collections.abc import Iterable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.client import ClientProtocol
from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import Event

from checker.judge.conversation import Stopwatch
from checker.judge.evidence import Exchange, Piece, PieceKind

KINDS = {
    Opcode.TEXT: PieceKind.TEXT,
    Opcode.BINARY: PieceKind.BINARY,
    Opcode.PING: PieceKind.PING,
    Opcode.PONG: PieceKind.PONG,
}
MOST_PIECES = 1000
MOST_BYTES = 32
LONGEST_TEXT = 20_000
OPEN = 101


class NotingConnection(ClientConnection):
    """Note what goes over the wire in `exchange`, until it is muted.

    `leaving` is set when the judge ends the connection: what the lab answers then is no close of
    the lab's own.
    """

    def __init__(self, protocol: ClientProtocol, *, exchange: Exchange, **options: Any) -> None:  # noqa: ANN401 - the client's own options, passed on
        super().__init__(protocol, **options)
        self.exchange = exchange
        self.watch = Stopwatch()
        self.leaving = False
        self.muted = False
        self._kind = PieceKind.TEXT

    def note(self, sent: bool, kind: PieceKind, text: str) -> None:
        """Note a piece of the conversation; a very long one keeps its beginning."""
        if not self.muted and len(self.exchange.frames) < MOST_PIECES:
            kept = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
            self.exchange.frames.append(Piece(self.watch.seconds(), sent, kind, kept))

    def note_message(self, message: str | bytes) -> None:
        """Note a message that is about to be sent."""
        if isinstance(message, str):
            self.note(True, PieceKind.TEXT, message)
        else:
            self.note(True, PieceKind.BINARY, shown_bytes(message))

    def process_event(self, event: Event) -> None:
        """Note a frame, then let the client have it."""
        if isinstance(event, Frame):
            self._note_frame(event)
        super().process_event(event)

    def _note_frame(self, frame: Frame) -> None:
        data = bytes(frame.data)
        if frame.opcode is Opcode.CLOSE:
            self._note_close(data)
            return
        self._kind = kind = KINDS.get(frame.opcode, self._kind)
        is_binary = kind is PieceKind.BINARY
        text = shown_bytes(data) if is_binary else data.decode("utf-8", "backslashreplace")
        self.note(False, kind, text)

    def _note_close(self, data: bytes) -> None:
        try:
            close = Close.parse(data)
        except (ProtocolError, UnicodeDecodeError):
            close = Close(1002, "the close frame is malformed")
        if not self.leaving:
            self.exchange.close_code, self.exchange.close_reason = close.code, close.reason
        self.note(False, PieceKind.CLOSE, f"{close.code} {close.reason}".strip())

    def connection_lost(self, exc: Exception | None) -> None:
        """Note an end that no close frame announced."""
        was_open = self.response is not None and self.response.status_code == OPEN
        if was_open and self.exchange.close_code is None and not self.leaving:
            self.exchange.close_code = 1006
            self.note(False, PieceKind.LOST, "")
        super().connection_lost(exc)

    async def leave(self, code: int, reason: str) -> None:
        """Close the connection from the judge's side."""
        if self.exchange.close_code is None and not self.leaving:
            self.note(True, PieceKind.CLOSE, f"{code} {reason}".strip())
            self.leaving = True
        await self.close(code, reason)

    async def drop(self) -> None:
        """End the connection at once, without a close frame."""
        if self.exchange.close_code is None:
            self.note(True, PieceKind.LOST, "")
        self.leaving = True
        self.transport.abort()
        await self.wait_closed()


def shown_bytes(data: bytes) -> str:
    """Write bytes as Python does; of many, the first and their number."""
    if len(data) <= MOST_BYTES:
        return repr(data)
    return f"{data[: MOST_BYTES // 2]!r}… ({len(data)} bytes)"


async def leave_all(connections: Iterable[NotingConnection], seconds: float) -> None:
    """Close many connections at once; one that does not let go is dropped."""
    for one in connections:
        one.close_timeout = min(one.close_timeout or seconds, seconds)
    await asyncio.gather(*(one.leave(1000, "") for one in connections), return_exceptions=True)
