"""The running lab as a suite sees it: requests over a real socket, questions to the host."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import httpx

from checker.host.facts import Raised, RouteFacts, Stall
from checker.judge.control import ConnectionEnded
from checker.judge.conversation import Stopwatch, fill
from checker.judge.evidence import (
    ConnectionLost,
    Ended,
    Exchange,
    FileMissing,
    LaunchFailed,
    RequestTimeout,
)
from checker.judge.launch import Launched
from checker.judge.session import Session
from checker.judge.sockets import RecordedSocket, connect_websocket
from checker.report import Verdict

BASE_URL = "http://127.0.0.1:8000"
NO_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None)

JSON = Any


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that has ended: its exit code and all that it wrote."""

    code: int
    output: str


class Lab:
    """One running instance of the learner's app. Requests return `httpx.Response`."""

    def __init__(self, session: Session, launched: Launched) -> None:
        self._session = session
        self._launched = launched
        self._hung = False

    # -- requests ---------------------------------------------------------------------------------

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options, passed on
        """Send a request; options are httpx's own: `json`, `params`, `headers`, `timeout`, ...

        Redirects are not followed.

        Raises:
            RequestTimeout: no complete answer within the topic's request limit or `timeout` (s).
            ConnectionLost: the connection broke before the answer was complete.
        """
        seconds = self._session.left(options.pop("timeout", None))
        request = self._client.build_request(method, path, timeout=seconds, **options)
        exchange = self._session.conversation.open(request, self._launched)
        watch = Stopwatch()
        with self._translated(exchange, seconds, watch):
            response = self._client.send(request)
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
        request = self._client.build_request(method, path, timeout=seconds, **options)
        exchange = self._session.conversation.open(request, self._launched)
        watch = Stopwatch()
        with self._translated(exchange, seconds, watch):
            response = self._client.send(request, stream=True)
            exchange.status = response.status_code
            exchange.response_headers = dict(response.headers)
            response.stream = _RecordedStream(
                cast("httpx.SyncByteStream", response.stream), exchange, watch
            )
            try:
                yield response
            finally:
                response.close()
                exchange.seconds = watch.seconds()

    @contextmanager
    def websocket(
        self,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        subprotocols: Sequence[str] = (),
        timeout: float | None = None,
    ) -> Iterator[RecordedSocket]:
        """Open a WebSocket; each frame is kept with its time for the card.

        Raises:
            websockets.exceptions.InvalidStatus: the handshake was refused.
        """
        self._wait_ready()
        exchange = self._session.conversation.note(
            self._launched, "WEBSOCKET", path, dict(headers or {})
        )
        seconds = self._session.left(timeout)
        with connect_websocket(self._launched.address, exchange, subprotocols, seconds) as socket:
            yield socket

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
            uds=self._launched.address.get("uds"), verify=False, limits=NO_LIMITS
        )
        async with httpx.AsyncClient(
            transport=transport, base_url=self._base_url, trust_env=False, timeout=seconds
        ) as client:
            requests = [client.build_request(method, path, **options) for method, path in pairs]
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
        response = await client.send(request)
        fill(exchange, response, watch.seconds())
        return response

    def openapi(self) -> dict[str, JSON]:
        """Fetch the app's OpenAPI document."""
        response = self.get("/openapi.json")
        assert response.status_code == 200
        return cast("dict[str, JSON]", response.json())

    # -- the process ------------------------------------------------------------------------------

    def call(self, target: str, *args: object, **kwargs: object) -> JSON:
        """Call a learner's function, named `module:function`, in the process of the running app.

        Arguments and result travel as JSON; coroutine functions are awaited on the app's loop.

        Raises:
            CallRaised: the function raised.
            CallMissing: there is no such function.
        """
        self._wait_ready()
        exchange = self._session.conversation.note(self._launched, "CALL", target)
        seconds = self._session.left()
        watch = Stopwatch()
        try:
            return self._launched.call(target, args, kwargs, seconds)
        except TimeoutError:
            ended = self._launched.seek_end(0.05)
            self._hung = True
            if ended is not None:
                raise ConnectionLost(exchange, ended) from None
            raise RequestTimeout(exchange, seconds) from None
        finally:
            exchange.seconds = watch.seconds()

    def run(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        stdin: str = "",
    ) -> Completed:
        """Run a command in the lab's folder and wait for its end.

        Raises:
            RequestTimeout: it took longer than the topic's request limit or `timeout` (s).
        """
        exchange = self._session.conversation.note(self._launched, "RUN", " ".join(command))
        seconds = self._session.left(timeout)
        control = self._session.connect()
        order = {
            "op": "run",
            "folder": str(self._launched.order.folder),
            "command": list(command),
            "env": {**self._launched.order.env, **(env or {})},
            "timeout": seconds,
            "stdin": stdin,
        }
        try:
            control.send(order)
            line = control.receive(seconds + 1.0)
        except (TimeoutError, ConnectionEnded):
            raise RequestTimeout(exchange, seconds) from None
        finally:
            control.close()
        exchange.response_body = str(line.get("output", "")).encode()
        if line.get("timeout"):
            raise RequestTimeout(exchange, seconds)
        code = line.get("code")
        return Completed(
            code if isinstance(code, int) else -int(line.get("signal") or 1),
            str(line.get("output", "")),
        )

    def restart(self) -> None:
        """End the app at once and start it anew from the same files."""
        self._close()
        self._hung = False
        self._launched = Launched(
            self._session.connect(), self._launched.order, self._session.limits
        )
        self._wait_ready()

    def stop(self) -> Ended:
        """Stop the app as an operator would, so that its lifespan exit runs."""
        ended = self._launched.stop(self._session.left())
        if ended is None:
            raise LaunchFailed(Verdict.TIMEOUT, timeout="shutdown", log=self.log)
        return ended

    # -- what can be looked at --------------------------------------------------------------------

    def file(self, name: str) -> str:
        """Read a file of the lab's folder as text.

        Raises:
            FileMissing: there is none of that name.
        """
        path = self._launched.order.folder / name
        if not path.is_file():
            raise FileMissing(name, self.files())
        return path.read_text("utf-8", "replace")

    def files(self) -> list[str]:
        """List the files of the lab's folder, relative to it."""
        return sorted(self._session.tree)

    @property
    def log(self) -> str:
        """Give the end of what the app wrote to stdout and stderr."""
        return self._launched.log()

    @property
    def sql(self) -> list[str]:
        """List the SQL statements that the app has sent so far."""
        return [one["statement"] for one in self._launched.ask("sql").get("value") or []]

    @property
    def exceptions(self) -> list[Raised]:
        """List the exceptions that escaped from the app so far."""
        return self._launched.ask("exceptions").get("value") or []

    @property
    def stalls(self) -> list[Stall]:
        """List the times in which the app's event loop stood still."""
        return self._launched.ask("stalls").get("value") or []

    @property
    def routes(self) -> list[RouteFacts]:
        """List the routes that the app answers."""
        return self._launched.ask("routes").get("value") or []

    @property
    def healthy(self) -> bool:
        """Tell whether the next check can use this instance."""
        return not self._hung and self._launched.seek_end(0.0) is None

    @property
    def launched(self) -> Launched:
        """Give the launch behind this lab, for the judge's own use."""
        return self._launched

    # -- inner ------------------------------------------------------------------------------------

    @cached_property
    def _client(self) -> httpx.Client:
        self._wait_ready()
        # No connection is used twice: uvicorn closes one when an exception escapes from the app,
        # in a background task even after the answer.
        limits = httpx.Limits(max_keepalive_connections=0)
        transport = httpx.HTTPTransport(
            uds=self._launched.address.get("uds"), verify=False, limits=limits
        )
        return httpx.Client(transport=transport, base_url=self._base_url, trust_env=False)

    @property
    def _base_url(self) -> str:
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

    def _close(self) -> None:
        if "_client" in self.__dict__:
            self.__dict__.pop("_client").close()
        self._launched.close()

    def close(self) -> None:
        """End the app's process tree."""
        self._close()


class _RecordedStream(httpx.SyncByteStream):
    """A response body that notes when each chunk came."""

    def __init__(self, inner: httpx.SyncByteStream, exchange: Exchange, watch: Stopwatch) -> None:
        self._inner = inner
        self._exchange = exchange
        self._watch = watch

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            text = chunk.decode("utf-8", "replace")
            self._exchange.frames.append((self._watch.seconds(), "<", text))
            self._exchange.response_body += chunk
            yield chunk

    def close(self) -> None:
        self._inner.close()
