"""What is seen of a running app: requests, exceptions, SQL statements, stalls."""

import asyncio
import sys
import threading
import time
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypedDict

from .facts import Raised, RequestFacts, Stall
from .seen import SeenRequest
from .sources import Sources
from .values import jsonable

MOST = 2000
MOMENT = 0.04
CURRENT_REQUEST: ContextVar[str | None] = ContextVar("checker_request", default=None)


class Statement(TypedDict):
    """One SQL statement as it went to the database, and the request it served."""

    statement: str
    parameters: object
    request: str | None


@dataclass(slots=True)
class Instruments:
    """The observations of one launch; each list keeps the newest."""

    sources: Sources
    requests: dict[str, SeenRequest] = field(default_factory=dict)
    exceptions: deque[Raised] = field(default_factory=lambda: deque(maxlen=MOST))
    statements: deque[Statement] = field(default_factory=lambda: deque(maxlen=MOST))
    stalls: deque[Stall] = field(default_factory=lambda: deque(maxlen=MOST))
    app: object = None

    def add_request(self, request: SeenRequest) -> None:
        """Keep a request, dropping the oldest when there are too many."""
        while len(self.requests) >= MOST:
            self.requests.pop(next(iter(self.requests)))
        self.requests[request.number] = request

    def facts_of(self, number: str) -> RequestFacts | None:
        """Give what is known of a request, after a moment for one that is about to end."""
        request = self.requests.get(number)
        if request is None:
            return None
        end = time.monotonic() + MOMENT
        while request.running and time.monotonic() < end:
            time.sleep(MOMENT / 20)
        return request.facts(self.sources)

    def add_exception(self, error: BaseException, request: str | None = None) -> Raised:
        """Keep an exception that escaped from the app."""
        raised = self.sources.raised(error)
        raised["request"] = request
        self.exceptions.append(raised)
        return raised

    def watch_threads(self) -> None:
        """Record exceptions that end a thread of the learner's."""
        before = threading.excepthook

        def hook(trouble: threading.ExceptHookArgs) -> None:
            if trouble.exc_value is not None:
                self.add_exception(trouble.exc_value)
            before(trouble)

        threading.excepthook = hook

    def watch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Record exceptions of tasks that nobody awaited."""

        def handler(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
            error = context.get("exception")
            if isinstance(error, BaseException):
                self.add_exception(error)
            loop.default_exception_handler(context)

        loop.set_exception_handler(handler)

    def watch_sql(self) -> None:
        """Record statements of every SQLAlchemy engine, if SQLAlchemy was imported."""
        if "sqlalchemy" not in sys.modules:
            return
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        if not event.contains(Engine, "before_cursor_execute", self._note_statement):
            event.listen(Engine, "before_cursor_execute", self._note_statement)

    def _note_statement(
        self,
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        *_: object,
    ) -> None:
        self.statements.append(
            {
                "statement": statement,
                "parameters": jsonable(parameters),
                "request": CURRENT_REQUEST.get(),
            }
        )
