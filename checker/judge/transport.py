"""Carry requests to one launch, each over a connection of its own.

A verdict is made of dozens of requests, so each must cost little: httptools, the parser that
uvicorn uses too, takes a tenth of the time that httpcore does.
"""

import contextlib
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import httptools
import httpx

CHUNK = 65536
PORTION = 4096
LONGEST_HEAD = 256_000
LONGEST_BODY = 16_000_000
SWITCHING = 101


class LabTransport(httpx.BaseTransport):
    """Send requests to `address`, as httpx asks of a transport.

    No connection is used twice: uvicorn closes one when an exception escapes from the app, in a
    background task even after the answer. On a unix socket the next connection is opened as soon
    as an answer is read, so that the app accepts it while the judge thinks.

    Args:
        address: of the launch, as the host said it.
        spare: a connection for the first request, if there is one.
    """

    def __init__(self, address: Mapping[str, Any], spare: socket.socket | None = None) -> None:
        self._address = address
        self._spare = spare

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give the answer, whose body is still to be read.

        Raises:
            httpx.TransportError: the lab cannot be reached, hangs up, takes too long or does not
                speak HTTP.
        """
        timeouts = request.extensions["timeout"]
        connection, self._spare = self._spare or self._connect(timeouts["connect"]), None
        answer = Answer(connection, timeouts["read"], bodiless=request.method == "HEAD")
        try:
            connection.settimeout(timeouts["write"])
            # A server may answer and hang up before it has read everything.
            with contextlib.suppress(ConnectionError):
                for piece in _pieces(request):
                    connection.sendall(piece)
            answer.read_head()
        except TimeoutError:
            connection.close()
            raise httpx.WriteTimeout("the request was not taken in") from None
        except BaseException:
            connection.close()
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, connection, self._connect_ahead),
            extensions={"reason_phrase": answer.reason},
        )

    def _connect(self, timeout: float | None) -> socket.socket:
        try:
            if "uds" in self._address:
                return _unix_connection(self._address["uds"], timeout)
            place = (self._address["host"], self._address["port"])
            return socket.create_connection(place, timeout)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error

    def _connect_ahead(self) -> None:
        if self._spare is None and "uds" in self._address:
            with contextlib.suppress(httpx.TransportError):  # the next request says what is wrong
                self._spare = self._connect(0.1)

    def close(self) -> None:
        """Close the connection that waits."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None


class Answer:
    """One answer, read from a connection piece by piece; a protocol of httptools.

    Args:
        connection: what the request was sent over.
        timeout: seconds that each piece may take; None waits for ever.
        bodiless: whether no body follows whatever the headers say.
    """

    def __init__(self, connection: socket.socket, timeout: float | None, *, bodiless: bool) -> None:
        self.status = 0
        self.reason = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self._connection = connection
        self._timeout = timeout
        self._bodiless = bodiless
        self._parser = httptools.HttpResponseParser(self)
        self._chunks: list[bytes] = []
        self._complete = False
        self._taken = 0

    def read_head(self) -> None:
        """Read up to the end of the headers; answers of class 1xx are passed over."""
        while not self.status:
            if not self._read():
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    def chunks(self) -> Iterator[bytes]:
        """Read the body."""
        while True:
            yield from self._chunks
            self._chunks.clear()
            if self._complete:
                return
            if not self._read():
                if self._measured():
                    raise httpx.RemoteProtocolError(
                        "peer closed connection without sending complete message body"
                    )
                return

    def _read(self) -> bool:
        """Take the next bytes in; False at the end of the connection."""
        try:
            self._connection.settimeout(self._timeout)
            data = self._connection.recv(CHUNK)
            self._count(len(data))
            if data:
                self._parser.feed_data(data)
        except TimeoutError:
            raise httpx.ReadTimeout("no more came in time") from None
        except OSError as error:
            raise httpx.ReadError(str(error)) from error
        except httptools.HttpParserUpgrade:
            self._complete = True
        except httptools.HttpParserError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        return bool(data)

    def _count(self, more: int) -> None:
        """Take no endless answer in."""
        self._taken += more
        if not self.status and self._taken > LONGEST_HEAD:
            raise httpx.RemoteProtocolError(f"the headers are longer than {LONGEST_HEAD} bytes")
        if self._taken > LONGEST_BODY:
            raise httpx.RemoteProtocolError(too_long(LONGEST_BODY))

    @property
    def compressed(self) -> bool:
        """Whether the body is decoded by its reader."""
        return any(name.lower() == b"content-encoding" for name, _ in self.headers)

    def _measured(self) -> bool:
        """Tell whether the headers say where the body ends."""
        names = {name.lower() for name, _ in self.headers}
        return not names.isdisjoint((b"content-length", b"transfer-encoding"))

    # -- what the parser calls --------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Forget an answer of class 1xx."""
        self.reason = b""
        self.headers = []

    def on_status(self, reason: bytes) -> None:
        """Take the words behind the status."""
        self.reason += reason

    def on_header(self, name: bytes, value: bytes | None) -> None:
        """Take a header."""
        self.headers.append((name, value or b""))

    def on_headers_complete(self) -> None:
        """Take the status, unless another answer follows."""
        status = self._parser.get_status_code()
        if status >= 200 or status == SWITCHING:
            self.status = status
            self._complete = self._bodiless

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """Note the end of the answer."""
        self._complete = bool(self.status)


class _Body(httpx.SyncByteStream):
    """An answer's body, whose end ends the connection."""

    def __init__(
        self, answer: Answer, connection: socket.socket, at_end: Callable[[], None]
    ) -> None:
        self._answer = answer
        self._connection = connection
        self._at_end = at_end

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._answer.chunks():
                yield from self._portions(chunk)
        except httpx.TransportError:
            self._connection.close()
            raise

    def _portions(self, chunk: bytes) -> Iterator[bytes]:
        """Cut what is compressed into small portions, each of which is decoded by itself."""
        if not self._answer.compressed:
            yield chunk
            return
        for start in range(0, len(chunk), PORTION):
            yield chunk[start : start + PORTION]

    def close(self) -> None:
        self._connection.close()
        self._at_end()


def too_long(most: int) -> str:
    """Say that an answer is longer than the judge takes in."""
    return f"the answer is longer than {most // 1_000_000} MB"


def read_all(response: httpx.Response) -> None:
    """Read and decode the body, as `response.read()` does, but no bomb.

    Raises:
        httpx.RemoteProtocolError: it is too long.
    """
    pieces, taken = [], 0
    for piece in response.iter_bytes():
        taken += len(piece)
        if taken > LONGEST_BODY:
            raise httpx.RemoteProtocolError(too_long(LONGEST_BODY))
        pieces.append(piece)
    response._content = b"".join(pieces)  # what read() keeps


async def read_all_together(response: httpx.Response) -> None:
    """Do the same for an answer that comes beside others."""
    pieces, taken = [], 0
    async for piece in response.aiter_bytes():
        taken += len(piece)
        if taken > LONGEST_BODY:
            raise httpx.RemoteProtocolError(too_long(LONGEST_BODY))
        pieces.append(piece)
    response._content = b"".join(pieces)


def _unix_connection(path: str, timeout: float | None) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(timeout)
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _pieces(request: httpx.Request) -> Iterator[bytes]:
    """Give a request's bytes, head and body at once where the body is known."""
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % header for header in request.headers.raw]
    head = b"\r\n".join([*lines, b"", b""])
    body = cast("Iterable[bytes]", request.stream)
    if isinstance(body, httpx.ByteStream):
        yield head + b"".join(body)
        return
    yield head
    chunked = "transfer-encoding" in request.headers
    for chunk in body:
        if not chunked:
            yield chunk
        elif chunk:
            yield b"%x\r\n%b\r\n" % (len(chunk), chunk)
    if chunked:
        yield b"0\r\n\r\n"
