"""JSON lines over a socket or a pair of pipes."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

CHUNK = 65536


class Wire:
    """Send and receive JSON objects, one a line; `send` may be called from several threads.

    Args:
        receive: gives the next bytes, empty at the end of the stream.
        write: writes all of the bytes it gets.
        pending: bytes that were read before the wire was made.
    """

    def __init__(
        self,
        receive: Callable[[], bytes],
        write: Callable[[bytes], object],
        pending: bytes = b"",
    ) -> None:
        self._receive = receive
        self._write = write
        self._pending = bytearray(pending)
        self._lock = threading.Lock()

    @classmethod
    def over_socket(cls, connection: socket.socket, pending: bytes = b"") -> "Wire":
        """Make a wire over a connected blocking socket."""
        return cls(lambda: connection.recv(CHUNK), connection.sendall, pending)

    @classmethod
    def over_pipes(cls, reader: BinaryIO, writer: BinaryIO) -> "Wire":
        """Make a wire over two unbuffered streams."""

        def write(data: bytes) -> None:
            view = memoryview(data)
            while view:
                view = view[writer.write(view) :]

        return cls(lambda: reader.read(CHUNK), write)

    def send(self, message: object) -> None:
        """Write one object; silent when the other side is gone."""
        data = encode(message)
        with self._lock:
            try:
                self._write(data)
            except OSError:
                return

    def receive(self) -> dict[str, object] | None:
        """Read the next object; None at the end of the stream."""
        while True:
            end = self._pending.find(b"\n")
            if end >= 0:
                line = bytes(self._pending[:end])
                del self._pending[: end + 1]
                return decode(line)
            try:
                data = self._receive()
            except OSError:
                return None
            if not data:
                return None
            self._pending += data

    def __iter__(self) -> Iterator[dict[str, object]]:
        while (message := self.receive()) is not None:
            yield message


def encode(message: object) -> bytes:
    """Give one line of JSON; what JSON does not know becomes its repr."""
    return json.dumps(message, default=repr).encode() + b"\n"


def decode(line: bytes) -> dict[str, object]:
    """Parse one line; anything but a JSON object raises ValueError."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a line must be a JSON object")
    return message
