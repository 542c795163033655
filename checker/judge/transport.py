"""Carry requests to one launch, each over a connection of its own."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import httpcore
import httpx

ORIGIN = httpcore.Origin(b"http", b"127.0.0.1", 8000)


class LabTransport(httpx.BaseTransport):
    """Send requests to `address`; errors are httpcore's own.

    No connection is used twice: uvicorn closes one when an exception escapes from the app, in a
    background task even after the answer. On a unix socket the next connection is opened as soon
    as an answer is read, so that the app accepts it while the judge thinks.
    """

    def __init__(self, address: Mapping[str, Any]) -> None:
        self._address = address
        self._backend = httpcore.SyncBackend()
        self._spare: httpcore.NetworkStream | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give the answer, whose body is still to be read."""
        timeouts = request.extensions["timeout"]
        spare, self._spare = self._spare, None
        stream = spare or self._connect(timeouts["connect"])
        if isinstance(request.stream, httpx.ByteStream):
            stream = _Together(stream)
        connection = httpcore.HTTP11Connection(ORIGIN, stream)
        core_request = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=ORIGIN.scheme,
                host=ORIGIN.host,
                port=ORIGIN.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=cast("Iterable[bytes]", request.stream),
            extensions=request.extensions,
        )
        try:
            answer = connection.handle_request(core_request)
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, lambda: self._leave(connection)),
            extensions=answer.extensions,
        )

    def _connect(self, timeout: float | None) -> httpcore.NetworkStream:
        if "uds" in self._address:
            return self._backend.connect_unix_socket(self._address["uds"], timeout)
        return self._backend.connect_tcp(self._address["host"], self._address["port"], timeout)

    def _leave(self, connection: httpcore.HTTP11Connection) -> None:
        connection.close()
        if self._spare is None and "uds" in self._address:
            try:
                self._spare = self._connect(0.1)
            except (httpcore.NetworkError, httpcore.TimeoutException):
                return  # the next request says what is wrong

    def close(self) -> None:
        """Close the connection that waits."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None


class _Together(httpcore.NetworkStream):
    """Send the head and body of a request at once, so that the app wakes up once."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._unsent = b""
        self._timeout: float | None = None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent += buffer
        self._timeout = timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        unsent, self._unsent = self._unsent, b""
        # A server may answer and hang up before it has read everything.
        with contextlib.suppress(httpcore.WriteError):
            self._inner.write(unsent, self._timeout)
        return self._inner.read(max_bytes, timeout)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    """An answer's body, whose end ends the connection."""

    def __init__(self, answer: httpcore.Response, leave: Callable[[], None]) -> None:
        self._answer = answer
        self._leave = leave

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._leave()
