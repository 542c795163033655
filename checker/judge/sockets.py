"""A WebSocket to the lab, used from a plain test function; its frames are kept for the card."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from checker.host.facts import Frame as HostFrame
from checker.host.facts import RequestFacts
from checker.judge.conversation import REQUEST_HEADER, Stopwatch
from checker.judge.evidence import (
    ConnectionLost,
    Ended,
    Exchange,
    HandshakeRefused,
    NotJsonMessage,
    RequestTimeout,
    SocketClosed,
)
from checker.judge.loop import LoopThread

if TYPE_CHECKING:
    from checker.judge.noting import NotingConnection

T = TypeVar("T")
CLOSE_SECONDS = 1.0
IMPATIENT_SECONDS = 0.2
HELD_FRAMES = 16
LOST = 1006
SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol"


class RecordedSocket:
    """A connection of the `websockets` client. Each frame is noted with its time when it comes.

    Messages that nobody has received yet wait, up to 16 of them; then the lab is read no further,
    and what it sends piles up on its side.

    Args:
        connection: the open connection.
        loop: where it lives.
        left: gives the seconds that an operation may take, from what is wanted.
        seek_end: tells whether the lab's process has ended.
        ask: gives what the host knows of this socket's handler.
    """

    def __init__(
        self,
        connection: "NotingConnection",
        loop: LoopThread,
        left: Callable[[float | None], float],
        seek_end: Callable[[], Ended | None],
        ask: Callable[[], RequestFacts | None],
    ) -> None:
        self.connection = connection
        self.exchange = connection.exchange
        self._loop = loop
        self._left = left
        self._seek_end = seek_end
        self._ask = ask

    def send(self, message: str | bytes) -> None:
        """Send a text (str) or binary (bytes) message.

        Raises:
            SocketClosed: the lab has closed the socket.
            RequestTimeout: the lab does not read, and all buffers are full.
        """
        if self.close_code is None:
            self.connection.note_message(message)
        self._wait(self.connection.send(message), None, "room")

    def send_json(self, value: object) -> None:
        """Send a value as JSON in a text message."""
        self.send(json.dumps(value, ensure_ascii=False))

    def recv(self, timeout: float | None = None) -> str | bytes:
        """Wait for the next message.

        Raises:
            RequestTimeout: none came within the topic's request limit or `timeout` (s).
            SocketClosed: the lab closed the socket instead.
        """
        return self._wait(self.connection.recv(), timeout, "message")

    def recv_json(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Wait for the next message and read it as JSON.

        Raises:
            NotJsonMessage: it is not JSON.
            RequestTimeout, SocketClosed: as for `recv`.
        """
        message = self.recv(timeout)
        try:
            return json.loads(message)
        except ValueError:
            raise NotJsonMessage(self.exchange, message) from None

    def wait_closed(self, timeout: float | None = None) -> int:
        """Wait until the lab closes the socket, and give the code; messages on the way are passed.

        1005 stands for a close frame without a code, 1006 for an end without a close frame.

        Raises:
            RequestTimeout: the socket was still open after `timeout` (s).
        """
        self._wait(self._read_on(), timeout, "close")
        return self.close_code or LOST

    async def _read_on(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                await self.connection.recv()
        except ConnectionClosed:
            await self.connection.wait_closed()

    def wait_handled(self, timeout: float | None = None) -> None:
        """Wait until the lab's handler of this socket has returned; what it tidies up is tidy then.

        Raises:
            RequestTimeout: it still ran after `timeout` (s).
        """
        seconds = self._left(timeout)
        watch = Stopwatch()
        while not ((facts := self._ask()) and facts["finished"]):
            if watch.seconds() > seconds:
                raise RequestTimeout(self.exchange, seconds, "return", self._waiting())

    @property
    def close_code(self) -> int | None:
        """The code with which the lab closed the socket; None while it is open, or if we did."""
        return self.exchange.close_code

    @property
    def close_reason(self) -> str:
        """The reason that came with the code."""
        return self.exchange.close_reason

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the lab chose."""
        return self.connection.subprotocol

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the lab's answer to the handshake."""
        return self.exchange.response_headers

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket with a code and a reason, and wait for the lab's close frame."""
        self._loop.run(self.connection.leave(code, reason))

    def abort(self) -> None:
        """End the connection at once, without a close frame, as a client that is switched off."""
        self._loop.run(self.connection.drop())

    def freeze(self) -> None:
        """Read nothing any more, as a client whose network is gone: pings stay unanswered."""
        self._loop.run(self._stop_reading())

    async def _stop_reading(self) -> None:
        self.connection.transport.pause_reading()

    def _waiting(self) -> tuple[HostFrame, ...]:
        facts = self._ask()
        return tuple(facts.get("waiting", ())) if facts else ()

    def _wait(self, coroutine: Coroutine[Any, Any, T], timeout: float | None, wanted: str) -> T:
        from websockets.exceptions import ConnectionClosed

        seconds = self._left(timeout)
        try:
            return self._loop.run(_within(coroutine, seconds))
        except TimeoutError:
            raise RequestTimeout(self.exchange, seconds, wanted, self._waiting()) from None
        except ConnectionClosed:
            pass
        ended = self._seek_end() if self.close_code == LOST else None
        if ended is not None:
            raise ConnectionLost(self.exchange, ended)
        raise SocketClosed(self.exchange)


async def _within(coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
    async with asyncio.timeout(seconds):
        return await coroutine


async def open_all(
    address: Mapping[str, Any],
    exchanges: Iterable[Exchange],
    seconds: float,
) -> list["NotingConnection"]:
    """Open a WebSocket for each exchange, all at once; if one fails, the others are dropped.

    Raises:
        HandshakeRefused, RequestTimeout, ConnectionLost: the first that failed.
    """
    opening = [_open(address, one, seconds) for one in exchanges]
    opened = await asyncio.gather(*opening, return_exceptions=True)
    errors = [one for one in opened if isinstance(one, BaseException)]
    if errors:
        for one in opened:
            if not isinstance(one, BaseException):
                one.transport.abort()
        raise errors[0]
    return cast("list[NotingConnection]", opened)


async def _open(
    address: Mapping[str, Any], exchange: Exchange, seconds: float
) -> "NotingConnection":
    from websockets.asyncio.client import connect, unix_connect
    from websockets.exceptions import InvalidStatus, WebSocketException

    from checker.judge.noting import NotingConnection

    headers = {**exchange.request_headers, REQUEST_HEADER: str(exchange.number)}
    subprotocols = headers.pop(SUBPROTOCOL_HEADER, "").split(", ")
    options: dict[str, Any] = {
        "additional_headers": headers,
        "subprotocols": [one for one in subprotocols if one] or None,
        "compression": None,
        "open_timeout": seconds,
        "ping_interval": None,
        "close_timeout": CLOSE_SECONDS,
        "max_queue": HELD_FRAMES,
        "proxy": None,
        "create_connection": partial(NotingConnection, exchange=exchange),
    }
    watch = Stopwatch()
    try:
        if "uds" in address:
            uri = f"ws://127.0.0.1:8000{exchange.path}"
            connection = await unix_connect(address["uds"], uri=uri, **options)
        else:
            uri = f"ws://{address['host']}:{address['port']}{exchange.path}"
            connection = await connect(uri, **options)
    except InvalidStatus as error:
        answer = error.response
        exchange.status = answer.status_code
        exchange.response_headers = dict(answer.headers.raw_items())
        exchange.response_body = bytes(answer.body or b"")
        raise HandshakeRefused(exchange) from None
    except TimeoutError:
        raise RequestTimeout(exchange, seconds) from None
    except (OSError, EOFError, WebSocketException) as error:
        exchange.trouble = str(error)
        raise ConnectionLost(exchange, None) from None
    finally:
        exchange.seconds = watch.seconds()
    assert isinstance(connection, NotingConnection)
    assert connection.response is not None
    exchange.status = connection.response.status_code
    exchange.response_headers = dict(connection.response.headers.raw_items())
    return connection
