"""A plain connection to the lab: bytes out, bytes in, for questions about the protocol itself."""

import socket
from collections.abc import Callable, Mapping
from typing import Any

from checker.judge.conversation import Stopwatch
from checker.judge.evidence import ConnectionLost, Exchange, Piece, PieceKind, RequestTimeout

BUFFER = 65536
LONGEST = 4_000_000
MOST_PIECES = 1000
HEAD_END = b"\r\n\r\n"


class RawConnection:
    """A connected socket whose bytes are kept for the card.

    Args:
        address: where the lab listens.
        exchange: receives what is said.
        left: gives the seconds that an operation may take, from what is wanted.
    """

    def __init__(
        self,
        address: Mapping[str, Any],
        exchange: Exchange,
        left: Callable[[float | None], float],
    ) -> None:
        self.exchange = exchange
        self._left = left
        self._watch = Stopwatch()
        self._buffer = b""
        if "uds" in address:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(address["uds"])
        else:
            self._socket = socket.create_connection((address["host"], address["port"]))

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._note(True, data)
        self._socket.sendall(data)

    def recv_until(self, end: bytes = HEAD_END, timeout: float | None = None) -> bytes:
        """Read up to and with `end`; by default the head of an HTTP message.

        Raises:
            RequestTimeout: it did not come within the topic's request limit or `timeout` (s).
            ConnectionLost: the lab closed the connection before.
        """
        seconds = self._left(timeout)
        watch = Stopwatch()
        while end not in self._buffer:
            self._fill(seconds, watch)
        return self._take(self._buffer.index(end) + len(end))

    def recv(self, count: int, timeout: float | None = None) -> bytes:
        """Read exactly `count` bytes; errors as for `recv_until`."""
        seconds = self._left(timeout)
        watch = Stopwatch()
        while len(self._buffer) < count:
            self._fill(seconds, watch)
        return self._take(count)

    def _fill(self, seconds: float, watch: Stopwatch) -> None:
        self._socket.settimeout(max(0.001, seconds - watch.seconds()))
        try:
            data = self._socket.recv(BUFFER)
        except TimeoutError:
            raise RequestTimeout(self.exchange, seconds) from None
        except OSError as error:
            self.exchange.trouble = str(error)
            raise ConnectionLost(self.exchange, None) from None
        if not data:
            self.exchange.trouble = "the lab closed the connection"
            raise ConnectionLost(self.exchange, None)
        self._note(False, data)
        self._buffer += data
        if len(self._buffer) > LONGEST:
            self.exchange.trouble = f"more than {LONGEST // 1_000_000} MB came in one piece"
            raise ConnectionLost(self.exchange, None)

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _note(self, sent: bool, data: bytes) -> None:
        text = data.decode("ascii", "backslashreplace")
        if len(self.exchange.frames) < MOST_PIECES:
            self.exchange.frames.append(Piece(self._watch.seconds(), sent, PieceKind.CHUNK, text))

    def close(self) -> None:
        """End the connection."""
        self._socket.close()
