"""A WebSocket to the lab that keeps its frames for the card."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checker.judge.conversation import REQUEST_HEADER, Stopwatch
from checker.judge.evidence import Exchange, RequestTimeout

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection


class RecordedSocket:
    """The `websockets` client's connection; `send` and `recv` note each frame with its time."""

    def __init__(self, connection: "ClientConnection", exchange: Exchange, seconds: float) -> None:
        self.connection = connection
        self._exchange = exchange
        self._seconds = seconds
        self._watch = Stopwatch()

    def send(self, message: str | bytes) -> None:
        """Send a text (str) or binary (bytes) message."""
        self._note(">", message)
        self.connection.send(message)

    def recv(self, timeout: float | None = None) -> str | bytes:
        """Wait for the next message.

        Raises:
            RequestTimeout: none came within `timeout` (s).
            websockets.exceptions.ConnectionClosed: the lab closed the socket.
        """
        seconds = timeout or self._seconds
        try:
            message = self.connection.recv(timeout=seconds)
        except TimeoutError:
            raise RequestTimeout(self._exchange, seconds) from None
        self._note("<", message)
        return message

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket with a code and a reason."""
        self.connection.close(code, reason)

    def _note(self, direction: str, message: str | bytes) -> None:
        text = message if isinstance(message, str) else repr(message)
        self._exchange.frames.append((self._watch.seconds(), direction, text))


@contextlib.contextmanager
def connect_websocket(
    address: Mapping[str, Any], exchange: Exchange, subprotocols: Sequence[str], seconds: float
) -> Iterator[RecordedSocket]:
    """Open a WebSocket at `address` for `exchange`, and close it after the block."""
    from websockets.sync.client import connect, unix_connect

    options: dict[str, Any] = {
        "additional_headers": {
            **exchange.request_headers,
            REQUEST_HEADER: str(exchange.number),
        },
        "subprotocols": list(subprotocols) or None,
        "open_timeout": seconds,
        "close_timeout": 1.0,
        "proxy": None,
    }
    if "uds" in address:
        connection = unix_connect(
            address["uds"], uri=f"ws://127.0.0.1:8000{exchange.path}", **options
        )
    else:
        uri = f"ws://{address['host']}:{address['port']}{exchange.path}"
        connection = connect(uri, **options)
    with connection:
        exchange.status = 101
        yield RecordedSocket(connection, exchange, seconds)
