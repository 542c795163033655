"""What is seen of one request: little while it is served, all of it when somebody asks."""

import asyncio
import inspect
from collections.abc import MutableMapping
from typing import Any, TypeAlias

from .facts import Closing, Raised, RequestFacts
from .sources import Sources

Scope: TypeAlias = MutableMapping[str, Any]


class SeenRequest:
    """A request to the app; `raised` is the exception that escaped from it.

    Of a WebSocket, `accepted` tells whether the app opened it, `closing` how it closed it.

    Args:
        number: the judge's number.
        scope: of the connection; kept, like the task that serves it, as long as the request lasts.
    """

    def __init__(self, number: str, scope: Scope) -> None:
        self.number = number
        self.raised: Raised | None = None
        self.accepted: bool | None = None
        self.closing: Closing | None = None
        self._task = asyncio.current_task()
        self._scope: Scope | None = scope
        self._method: str = scope.get("method", "WEBSOCKET")
        self._path: str = scope.get("path", "")
        self._endpoint: object = None
        self._route: str | None = None

    @property
    def running(self) -> bool:
        """Tell whether the app still works on it."""
        return self._scope is not None

    def end(self) -> None:
        """Note that the app has answered, and let go of its scope."""
        if self._scope is not None:
            self._look(self._scope)
            self._scope = self._task = None

    def facts(self, sources: Sources) -> RequestFacts:
        """Tell what is known by now."""
        if self._scope is not None:
            self._look(self._scope)
        known = self._route is not None or self._endpoint is not None
        endpoint = self._endpoint
        facts: RequestFacts = {
            "request": self.number,
            "method": self._method,
            "path": self._path,
            "route": self._route,
            "endpoint": (getattr(endpoint, "__qualname__", None) or repr(endpoint))
            if known
            else None,
            "is_async": _is_async(endpoint) if known else None,
            "location": sources.location(endpoint) if known else None,
            "raised": self.raised,
            "finished": self._scope is None,
        }
        if (task := self._task) is not None:
            facts["waiting"] = sources.suspended(task.get_coro())
        if self.accepted is not None:
            facts["accepted"] = self.accepted
        if self.closing is not None:
            facts["closing"] = self.closing
        return facts

    def _look(self, scope: Scope) -> None:
        self._endpoint = scope.get("endpoint")
        self._route = _full_path(scope.get("route"), scope)


def _is_async(endpoint: object) -> bool:
    return inspect.iscoroutinefunction(endpoint) or inspect.isasyncgenfunction(endpoint)


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
