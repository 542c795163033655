"""Build failures without a judge: a probe that answers from lists, exchanges given in a line."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from checker.catalog.model import Check
from checker.host.facts import Frame, Raised, RequestFacts, RouteFacts, Stall
from checker.judge.evidence import Comparison, Exchange, Failure

CHECK = Check(id="test_books", task="list_books", title="GET /books lists the books.", line=1)
NOTHING = object()


@dataclass
class FakeProbe:
    """Answer the questions of the diagnosis from what a test gives."""

    facts: dict[int, RequestFacts] = field(default_factory=dict)
    all_routes: list[RouteFacts] = field(default_factory=list)
    all_stalls: list[Stall] = field(default_factory=list)
    fronts: frozenset[int] = frozenset()
    text: str = ""

    def request_facts(self, exchange: Exchange) -> RequestFacts | None:
        """Give the facts of an exchange, if any."""
        return self.facts.get(exchange.number)

    def routes(self) -> list[RouteFacts]:
        """Give the routes."""
        return self.all_routes

    def proxied(self, exchange: Exchange) -> bool:
        """Tell whether the proxy was asked."""
        return exchange.number in self.fronts

    def written(self) -> list[RouteFacts]:
        """Give no routes of routers."""
        return []

    def stalls(self) -> list[Stall]:
        """Give the stalls."""
        return self.all_stalls

    def exceptions(self) -> list[Raised]:
        """Give no exceptions."""
        return []

    def log(self) -> str:
        """Give the log."""
        return self.text


def exchange(
    method: str, path: str, status: int | None, body: object = NOTHING, *, sent: object = NOTHING
) -> Exchange:
    """Make an exchange; bodies are written as JSON unless they are bytes."""
    return Exchange(
        number=1,
        method=method,
        path=path,
        request_headers={"content-type": "application/json"} if sent is not NOTHING else {},
        request_body=_bytes(sent),
        status=status,
        response_body=_bytes(body),
    )


def _bytes(body: object) -> bytes:
    if body is NOTHING:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def failure(
    *exchanges: Exchange,
    compared: tuple[object, str, object] | None = None,
    error: BaseException | None = None,
    message: str | None = None,
    probe: FakeProbe | None = None,
    redact: Callable[[str], str] = str,
) -> Failure:
    """Make a failure of the check `test_books`."""
    return Failure(
        check=CHECK,
        error=error or AssertionError(message or ""),
        comparison=Comparison(*compared) if compared else None,
        message=message,
        exchanges=exchanges,
        probe=probe or FakeProbe(),
        seconds=0.01,
        redact=redact,
    )


def route(method: str, path: str, name: str = "list_books", line: int = 10) -> RouteFacts:
    """Make a route of app.py."""
    return {"path": path, "methods": [method], "name": name, "location": frame(name, line)}


def frame(function: str, line: int, source: str = "") -> Frame:
    """Make a frame of app.py."""
    return {"file": "app.py", "line": line, "function": function, "source": source}


def facts_of(
    one: Exchange, path: str | None, raised: Raised | None = None, name: str = "list_books"
) -> dict[int, RequestFacts]:
    """Make the facts of an exchange that a route answered."""
    return {
        one.number: {
            "request": str(one.number),
            "method": one.method,
            "path": one.path,
            "route": path,
            "endpoint": name if path else None,
            "is_async": False,
            "location": frame(name, 10) if path else None,
            "raised": raised,
            "finished": True,
        }
    }


def raised(kind: str, message: str, *frames: Frame, errors: Sequence[object] = ()) -> Raised:
    """Make an exception as the host reports it."""
    one: Raised = {"type": kind, "message": message, "frames": list(frames)}
    if errors:
        one["errors"] = [dict(entry) for entry in errors if isinstance(entry, dict)]
    return one
