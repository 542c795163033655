"""The outermost ASGI layer: notes what the app does with each request and its lifespan."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from .facts import RequestFacts
from .instruments import CURRENT_REQUEST, Instruments

HEADER = b"x-checker-request"

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class Recorder:
    """Pass everything through unchanged but the judge's header, and keep the facts.

    `lifespan_error` is the exception that ended the lifespan, which servers only log; `started`
    tells whether its start had succeeded.
    """

    def __init__(self, app: App, instruments: Instruments) -> None:
        self.app = app
        self.instruments = instruments
        self.lifespan_error: BaseException | None = None
        self.started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            number, inner = _split(scope)
            await self.serve(number, inner, receive, send)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting_send(message: Message) -> None:
            self.started = self.started or message["type"] == "lifespan.startup.complete"
            await send(message)

        try:
            await self.app(scope, receive, noting_send)
        except BaseException as error:
            self.lifespan_error = error
            if not isinstance(error, asyncio.CancelledError):
                self.instruments.add_exception(error)
            raise

    async def serve(self, number: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; the stall watcher finds `number` in this frame."""
        facts = _new_facts(number or "", scope)
        if number is not None:
            self.instruments.add_request(facts)
            self.instruments.running[number] = lambda: self._note_route(facts, scope)
        token = CURRENT_REQUEST.set(number)
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            facts["raised"] = self.instruments.add_exception(error, number)
            raise
        finally:
            CURRENT_REQUEST.reset(token)
            self._note_route(facts, scope)
            facts["finished"] = True
            self.instruments.running.pop(number or "", None)

    def _note_route(self, facts: RequestFacts, scope: Scope) -> None:
        endpoint = scope.get("endpoint")
        route = scope.get("route")
        if route is None and endpoint is None:
            return
        facts["route"] = _full_path(route, scope)
        facts["endpoint"] = getattr(endpoint, "__qualname__", None) or repr(endpoint)
        facts["is_async"] = inspect.iscoroutinefunction(endpoint) or inspect.isasyncgenfunction(
            endpoint
        )
        facts["location"] = self.instruments.sources.location(endpoint)


def _split(scope: Scope) -> tuple[str | None, Scope]:
    """Take the judge's number out of the headers and give the addresses that a TCP server would."""
    number = None
    headers = []
    for name, value in scope["headers"]:
        if name.lower() == HEADER:
            number = value.decode("latin-1")
        else:
            headers.append((name, value))
    inner = {**scope, "headers": headers}
    if inner.get("client") is None:
        inner["client"] = ("127.0.0.1", 50000)
    if not inner.get("server") or inner["server"][1] is None:
        inner["server"] = ("127.0.0.1", 8000)
    return number, inner


def _new_facts(number: str, scope: Scope) -> RequestFacts:
    return {
        "request": number,
        "method": scope.get("method", "WEBSOCKET"),
        "path": scope.get("path", ""),
        "route": None,
        "endpoint": None,
        "is_async": None,
        "location": None,
        "raised": None,
        "finished": False,
    }


def _full_path(route: object, scope: Scope) -> str | None:
    """Give the route's path with the prefixes of the routers and mounts around it."""
    context = scope.get("fastapi")
    effective = context.get("effective_route_context") if isinstance(context, dict) else None
    if effective is not None and getattr(effective, "original_route", None) is route:
        route = getattr(effective, "starlette_route", None) or effective
    path = getattr(route, "path", None)
    if not isinstance(path, str):
        return None
    mount = scope.get("root_path", "").removeprefix(scope.get("app_root_path", ""))
    return f"{mount}{path}"
