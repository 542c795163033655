"""Speak the host's protocol: JSON lines over a connection whose end ends what it started."""

import json
import select
import socket
import time
from collections.abc import Mapping
from typing import Any

from checker.errors import EnvironmentFaultError

Line = dict[str, Any]

LONGEST_LINE = 4_000_000


class HostGoneError(EnvironmentFaultError):
    """Report that the host process does not answer any more."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The host process that runs the lab is gone ({what}).",
            "Run the check again; if it happens again, run `checker doctor`.",
        )


class ConnectionEnded(Exception):
    """Say that the other side closed the connection."""


class LineTooLong(ConnectionEnded):
    """Say that the other side sent more without a line's end than a host ever does."""


class Control:
    """One connection to the host.

    Args:
        address: `{"uds": path}` or `{"host": name, "port": number}`, as the host printed it.
        token: the secret that a host on TCP asks for.

    Raises:
        HostGoneError: nobody listens there.
    """

    def __init__(self, address: Mapping[str, Any], token: str | None = None) -> None:
        self._token = token
        self._buffer = b""
        self._count = 0
        try:
            if "uds" in address:
                self._socket = socket.socket(socket.AF_UNIX)
                self._socket.connect(address["uds"])
            else:
                self._socket = socket.create_connection((address["host"], address["port"]))
        except OSError as error:
            raise HostGoneError(str(error)) from error

    def send(self, line: Line) -> None:
        """Send one line; the host's token goes along where one is needed."""
        if self._token is not None:
            line = {**line, "token": self._token}
        try:
            self._socket.sendall(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise ConnectionEnded(str(error)) from error

    def receive(self, seconds: float) -> Line:
        """Wait at most `seconds` for the next line.

        Raises:
            TimeoutError: none came in time.
            ConnectionEnded: the connection was closed.
        """
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise TimeoutError
            self._fill()
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def _fill(self) -> None:
        try:
            data = self._socket.recv(1 << 16)
        except OSError as error:
            raise ConnectionEnded(str(error)) from error
        if not data:
            raise ConnectionEnded("closed")
        self._buffer += data
        if len(self._buffer) > LONGEST_LINE and b"\n" not in self._buffer:
            raise LineTooLong(f"a line of more than {LONGEST_LINE} bytes")

    def next_id(self) -> int:
        """Give a new number for a question."""
        self._count += 1
        return self._count

    def close(self) -> None:
        """Close the connection; the host ends what it started for it."""
        self._socket.close()
