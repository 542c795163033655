"""Connections that last: WebSockets, one or many, and plain ones for bytes."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import httpx

from checker.host.facts import RequestFacts
from checker.judge.conversation import REQUEST_HEADER, Stopwatch
from checker.judge.evidence import ConnectionLost, HandshakeRefused, RequestTimeout
from checker.judge.raw import RawConnection
from checker.judge.requests import Requests
from checker.judge.sockets import (
    CLOSE_SECONDS,
    IMPATIENT_SECONDS,
    SUBPROTOCOL_HEADER,
    RecordedSocket,
    open_all,
)

if TYPE_CHECKING:
    from checker.judge.noting import NotingConnection

Params = Mapping[str, str | int | float | bool]
Headers = Mapping[str, str]
T = TypeVar("T")
NEWS_SECONDS = 0.05
PAUSE_SECONDS = 0.01


class Connections(Requests):
    """The long-lived connections to one launch."""

    @contextmanager
    def websocket(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        subprotocols: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Iterator[RecordedSocket]:
        """Open a WebSocket for the block, and close it with 1000 after.

        Raises:
            HandshakeRefused: the lab answered with another status than 101.
            RequestTimeout: it did not answer within the topic's request limit or `timeout` (s).
            ConnectionLost: the connection broke before the answer was complete.
        """
        paths = [str(httpx.URL(path, params=params)) if params else path]
        with self._opened(paths, headers, subprotocols, timeout) as sockets:
            yield sockets[0]

    @contextmanager
    def sockets(
        self,
        paths: Sequence[str] | int,
        path: str = "/",
        *,
        headers: Headers | None = None,
        subprotocols: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Iterator[list[RecordedSocket]]:
        """Open many WebSockets at the same moment, and close them together after the block.

        Args:
            paths: the path of each, or how many to open at `path`.
            path: with a number, the path of each.
            headers: as for `websocket`, the same for each.
            subprotocols: likewise.
            timeout: seconds until all of them are open.

        Raises:
            HandshakeRefused, RequestTimeout, ConnectionLost: one of them was not opened.
        """
        each = [path] * paths if isinstance(paths, int) else list(paths)
        with self._opened(each, headers, subprotocols, timeout) as sockets:
            yield sockets

    def handshake(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        subprotocols: Sequence[str] = (),
        timeout: float | None = None,
    ) -> httpx.Response:
        """Ask for a WebSocket and give the answer: 101, or the refusal with its body."""
        target = str(httpx.URL(path, params=params)) if params else path
        try:
            with self.websocket(
                target, headers=headers, subprotocols=subprotocols, timeout=timeout
            ) as socket:
                socket.connection.muted = True
                exchange = socket.exchange
                exchange.frames.clear()
        except HandshakeRefused as refused:
            exchange = refused.exchange
        number = {REQUEST_HEADER: str(exchange.number)}
        return httpx.Response(
            exchange.status or 0,
            headers=exchange.response_headers,
            content=exchange.response_body or None,
            request=httpx.Request("GET", self._base_url + target, headers=number),
        )

    @contextmanager
    def raw(self) -> Iterator[RawConnection]:
        """Open a plain connection for the block: bytes are sent and received as they are."""
        self._wait_ready()
        exchange = self._session.conversation.note(self._launched, "RAW", "")
        connection = RawConnection(self._launched.address, exchange, self._session.left)
        try:
            yield connection
        finally:
            connection.close()

    def until(self, ask: Callable[[], T], wanted: T, timeout: float | None = None) -> T:
        """Ask again until the answer is `wanted` or the time is over; give the last answer."""
        seconds = self._session.left(timeout)
        watch = Stopwatch()
        while (answer := ask()) != wanted and watch.seconds() < seconds:
            time.sleep(PAUSE_SECONDS)
        return answer

    @contextmanager
    def _opened(
        self,
        paths: Sequence[str],
        headers: Headers | None,
        subprotocols: Sequence[str],
        timeout: float | None,
    ) -> Iterator[list[RecordedSocket]]:
        from checker.judge.noting import leave_all

        self._wait_ready()
        note = self._session.conversation.note
        shown = dict(headers or {})
        if subprotocols:
            shown[SUBPROTOCOL_HEADER] = ", ".join(subprotocols)
        exchanges = [note(self._launched, "WEBSOCKET", path, shown) for path in paths]
        loop = self._session.loop
        seconds = self._session.left(timeout)
        try:
            connections = loop.run(open_all(self._launched.address, exchanges, seconds))
        except ConnectionLost as error:
            raise ConnectionLost(error.exchange, self._launched.seek_end()) from None
        except RequestTimeout:
            self._hung = True
            raise
        patience = CLOSE_SECONDS
        try:
            yield [self._recorded(connection) for connection in connections]
        except BaseException as error:
            patience = IMPATIENT_SECONDS
            self._hung = self._hung or isinstance(error, RequestTimeout)
            for connection in connections:
                connection.muted = True
            raise
        finally:
            loop.run(leave_all(connections, patience))

    def _recorded(self, connection: "NotingConnection") -> RecordedSocket:
        launched, number = self._launched, str(connection.exchange.number)

        def ask() -> RequestFacts | None:
            facts: RequestFacts | None = launched.ask("request", request=number).get("value")
            return facts

        return RecordedSocket(
            connection,
            self._session.loop,
            self._session.left,
            partial(launched.seek_end, NEWS_SECONDS),
            ask,
        )
