"""Talk to a launch over HTTP, and keep the conversation."""

import asyncio
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, cast

import httpx

from checker.judge.conversation import Stopwatch, fill
from checker.judge.evidence import ConnectionLost, Exchange, Piece, PieceKind, RequestTimeout
from checker.judge.launch import Launched
from checker.judge.session import Session
from checker.judge.transport import LabTransport, read_all, read_all_together

BASE_URL = "http://127.0.0.1:8000"
HEADERS = {"accept": "*/*", "user-agent": "checker"}
MOST_PIECES = 1000
LONGEST_KEPT = 1_000_000
NO_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None)


@cache
def no_tls() -> ssl.SSLContext:
    """Give the context that a transport wants though labs speak plain HTTP; it costs 3 ms."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Requests:
    """The requests that can be sent to one launch. Answers are `httpx.Response`."""

    def __init__(self, session: Session, launched: Launched) -> None:
        self._session = session
        self._launched = launched
        self._hung = False

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options, passed on
        """Send a request; options are httpx's own: `json`, `params`, `headers`, `timeout`, ...

        Redirects are not followed.

        Raises:
            RequestTimeout: no complete answer within the topic's request limit or `timeout` (s).
            ConnectionLost: the connection broke before the answer was complete.
        """
        seconds = self._session.left(options.pop("timeout", None))
        request = self._build(method, path, seconds, options)
        exchange = self._session.conversation.open(request, self._launched)
        watch = Stopwatch()
        with self._translated(exchange, seconds, watch):
            response = self._transport.handle_request(request)
            read_all(response)
        response.request = request
        response.elapsed = timedelta(seconds=watch.seconds())
        fill(exchange, response, watch.seconds())
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a GET request."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a POST request."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a PUT request."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a PATCH request."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a DELETE request."""
        return self.request("DELETE", path, **options)

    def head(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send a HEAD request."""
        return self.request("HEAD", path, **options)

    def options(self, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        """Send an OPTIONS request."""
        return self.request("OPTIONS", path, **options)

    @contextmanager
    def stream(self, method: str, path: str, **options: Any) -> Iterator[httpx.Response]:  # noqa: ANN401
        """Send a request and read its answer piece by piece inside the block."""
        seconds = self._session.left(options.pop("timeout", None))
        request = self._build(method, path, seconds, options)
        exchange = self._session.conversation.open(request, self._launched)
        watch = Stopwatch()
        with self._translated(exchange, seconds, watch):
            response = self._transport.handle_request(request)
            response.request = request
            exchange.status = response.status_code
            exchange.response_headers = response.headers
            response.stream = _RecordedStream(
                cast("httpx.SyncByteStream", response.stream), exchange, watch
            )
            try:
                yield response
            finally:
                response.close()
                exchange.seconds = watch.seconds()

    def together(
        self,
        requests: Sequence[tuple[str, str]] | int,
        method: str = "GET",
        path: str = "/",
        *,
        timeout: float | None = None,
        **options: Any,  # noqa: ANN401
    ) -> list[httpx.Response]:
        """Send many requests at the same moment and wait for all answers, in the order asked.

        Args:
            requests: pairs of method and path, or how many times to send `method` and `path`.
            method: with a number, the method of each request.
            path: with a number, the path of each request.
            timeout: seconds for all of them together.
            options: as for `request`, the same for each.
        """
        pairs = [(method, path)] * requests if isinstance(requests, int) else list(requests)
        self._wait_ready()
        return asyncio.run(self._together(pairs, self._session.left(timeout), options))

    async def _together(
        self, pairs: list[tuple[str, str]], seconds: float, options: dict[str, Any]
    ) -> list[httpx.Response]:
        transport = httpx.AsyncHTTPTransport(
            uds=self._launched.address.get("uds"), verify=no_tls(), limits=NO_LIMITS
        )
        async with httpx.AsyncClient(
            transport=transport, base_url=self._base_url, trust_env=False, timeout=seconds
        ) as client:
            requests = [self._build(method, path, seconds, dict(options)) for method, path in pairs]
            exchanges = [
                self._session.conversation.open(request, self._launched) for request in requests
            ]
            tasks = [
                asyncio.create_task(self._send(client, request, exchange))
                for request, exchange in zip(requests, exchanges, strict=True)
            ]
            watch = Stopwatch()
            done, pending = await asyncio.wait(tasks, timeout=seconds)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            for task, exchange in zip(tasks, exchanges, strict=True):
                with self._translated(exchange, seconds, watch):
                    if task not in done:
                        raise httpx.ReadTimeout("not answered")
                    task.result()
            return [task.result() for task in tasks]

    @staticmethod
    async def _send(
        client: httpx.AsyncClient, request: httpx.Request, exchange: Exchange
    ) -> httpx.Response:
        watch = Stopwatch()
        response = await client.send(request, stream=True)
        try:
            await read_all_together(response)
        finally:
            await response.aclose()
        fill(exchange, response, watch.seconds())
        return response

    def _build(
        self, method: str, path: str, seconds: float, options: dict[str, Any]
    ) -> httpx.Request:
        """Build a request; an `httpx.Client`, which keeps cookies between checks, is not wanted."""
        headers = httpx.Headers(HEADERS)
        headers.update(options.pop("headers", None))
        return httpx.Request(
            method,
            self._base_url + path,
            headers=headers,
            extensions={"timeout": httpx.Timeout(seconds).as_dict()},
            **options,
        )

    @cached_property
    def _transport(self) -> LabTransport:
        self._wait_ready()
        return LabTransport(self._launched.address)

    @property
    def _base_url(self) -> str:
        self._wait_ready()
        address = self._launched.address
        return BASE_URL if "uds" in address else f"http://{address['host']}:{address['port']}"

    def _wait_ready(self) -> None:
        self._launched.wait_ready()

    @contextmanager
    def _translated(self, exchange: Exchange, seconds: float, watch: Stopwatch) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException:
            self._hung = True
            exchange.seconds = watch.seconds()
            raise RequestTimeout(exchange, seconds) from None
        except httpx.TransportError as error:
            exchange.seconds = watch.seconds()
            exchange.trouble = str(error)
            raise ConnectionLost(exchange, self._launched.seek_end()) from None


class _RecordedStream(httpx.SyncByteStream):
    """A response body that notes when each chunk came."""

    def __init__(self, inner: httpx.SyncByteStream, exchange: Exchange, watch: Stopwatch) -> None:
        self._inner = inner
        self._exchange = exchange
        self._watch = watch

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            text = chunk.decode("utf-8", "backslashreplace")
            piece = Piece(self._watch.seconds(), False, PieceKind.CHUNK, text)
            if len(self._exchange.frames) < MOST_PIECES:
                self._exchange.frames.append(piece)
            if len(self._exchange.response_body) < LONGEST_KEPT:
                self._exchange.response_body += chunk
            yield chunk

    def close(self) -> None:
        self._inner.close()
