"""The routes that an app answers, with the prefixes of routers and mounts."""

from collections.abc import Iterator

from .facts import RouteFacts
from .sources import Sources


def route_facts(app: object, sources: Sources) -> list[RouteFacts]:
    """List the routes of an app in the order they are tried; empty for an app without a router."""
    for _ in range(20):
        routes = getattr(app, "routes", None)
        if isinstance(routes, list):
            return list(_walk(routes, "", sources))
        app = getattr(app, "app", None)
    return []


def _walk(routes: list[object], prefix: str, sources: Sources) -> Iterator[RouteFacts]:
    from fastapi.routing import iter_route_contexts

    for context in iter_route_contexts(routes):  # type: ignore[arg-type]
        path = prefix + (context.path or "")
        inner = getattr(context.original_route, "routes", None)
        if isinstance(inner, list) and inner and context.endpoint is None:
            yield from _walk(inner, path, sources)
            continue
        yield {
            "path": path,
            "methods": sorted(context.methods or ()) or _socket(context.original_route),
            "name": context.name or "",
            "location": sources.location(context.endpoint),
        }


def _socket(route: object) -> list[str]:
    from starlette.routing import WebSocketRoute

    return ["WEBSOCKET"] if isinstance(route, WebSocketRoute) else []
