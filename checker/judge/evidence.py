"""What the judge saw: the conversation with the lab and the facts of a failed check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from checker.catalog.model import Check
from checker.host.facts import Frame, Problem, Raised, RequestFacts, RouteFacts, Stall
from checker.report import Verdict


class PieceKind(StrEnum):
    """What a piece of a conversation is: a WebSocket frame by its opcode, or part of a stream."""

    TEXT = "text"
    BINARY = "binary"
    PING = "ping"
    PONG = "pong"
    CLOSE = "close"
    LOST = "lost"
    CHUNK = "chunk"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a conversation that lasts, `seconds` after its beginning.

    `sent` tells whether it came from the judge. The text of a close frame is its code and reason;
    `lost` is the end of a connection without a close frame, and has no text.
    """

    seconds: float
    sent: bool
    kind: PieceKind
    text: str


@dataclass(slots=True)
class Exchange:
    """One request that the judge sent and what came back. `status` is None when no answer came.

    `began` is in seconds since the check began, `seconds` the time from send to the last byte read;
    `frames` lists stream chunks or WebSocket frames in order. `close_code` is how the lab ended a
    WebSocket: 1005 for a close frame without a code, 1006 for none at all. `exit_code` is that of a
    command that has ended.
    """

    number: int
    method: str
    path: str
    request_headers: Mapping[str, str]
    request_body: bytes = b""
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: bytes = b""
    began: float = 0.0
    seconds: float = 0.0
    frames: list[Piece] = field(default_factory=list)
    close_code: int | None = None
    close_reason: str = ""
    trouble: str | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The operands of the comparison that failed: in `assert left op right`."""

    left: object
    operator: str
    right: object


class Probe(Protocol):
    """Questions about the launch a check last talked to; empty answers when the host is gone."""

    def request_facts(self, exchange: Exchange) -> RequestFacts | None:
        """Tell what the app did with one request."""

    def proxied(self, exchange: Exchange) -> bool:
        """Tell whether the learner's proxy was asked, which asked an instance of the app."""

    def routes(self) -> list[RouteFacts]:
        """List the app's routes."""

    def written(self) -> list[RouteFacts]:
        """List the routes that the learner's files declare on routers, included or not."""

    def stalls(self) -> list[Stall]:
        """List the times in which the event loop stood still."""

    def exceptions(self) -> list[Raised]:
        """List the exceptions that escaped from the app, outside of requests too."""

    def log(self) -> str:
        """Give the end of the launch's standard output and error."""


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of a file that belong to a task, marks included; `text` is the opening mark."""

    task: str
    first: int
    file: str
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Everything known about one check that did not pass.

    `message` is the suite's own sentence after the comma of the assert; `error` the exception that
    ended the test (an AssertionError or another); `source` the suite's asserted expression, for
    internal errors only.
    """

    check: Check
    error: BaseException
    comparison: Comparison | None
    message: str | None
    exchanges: tuple[Exchange, ...]
    probe: Probe
    seconds: float
    redact: Callable[[str], str] = str
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a launched process ended: exit code or signal number, and the phase it was in.

    `command` is what had started it, in place of the lab's entry point.
    """

    phase: str
    code: int | None
    signal: int | None
    log: str = ""
    command: tuple[str, ...] = ()


class LaunchFailed(AssertionError):
    """Say that the lab did not come up.

    `verdict` is broken or timeout; one of `problem`, `ended`, `timeout` is set.
    `timeout` names the phase that took too long: import or startup; `seconds` is the limit;
    `frames` are the learner's lines that it stood at, innermost last.
    """

    def __init__(
        self,
        verdict: Verdict,
        *,
        problem: Problem | None = None,
        ended: Ended | None = None,
        timeout: str | None = None,
        seconds: float = 0.0,
        log: str = "",
        frames: tuple[Frame, ...] = (),
    ) -> None:
        super().__init__(f"the lab did not start: {problem or ended or timeout}")
        self.verdict = verdict
        self.problem = problem
        self.ended = ended
        self.timeout = timeout
        self.seconds = seconds
        self.log = log
        self.frames = frames


class RequestTimeout(AssertionError):
    """Say that an answer took longer than its limit in seconds (verdict: timeout).

    Of a WebSocket that was open, `wanted` tells what did not come: message, close, return (of its
    handler) or room (for one more message); `waiting` is where the handler stood at that moment.
    """

    def __init__(
        self,
        exchange: Exchange,
        seconds: float,
        wanted: str = "answer",
        waiting: tuple[Frame, ...] = (),
    ) -> None:
        super().__init__(f"no {wanted}, {exchange.method} {exchange.path}, within {seconds:g} s")
        self.exchange = exchange
        self.seconds = seconds
        self.wanted = wanted
        self.waiting = waiting


class ConnectionLost(AssertionError):
    """Say that the lab closed the connection without an answer.

    Perhaps because its process `ended`; the verdict is failed.
    """

    def __init__(self, exchange: Exchange, ended: Ended | None) -> None:
        super().__init__(f"the connection broke during {exchange.method} {exchange.path}")
        self.exchange = exchange
        self.ended = ended


class HandshakeRefused(AssertionError):
    """Say that the lab refused to open a WebSocket: the status of its answer is not 101.

    `body` is what came with it. pytest.raises may expect it.
    """

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"the handshake for {exchange.path} was answered with {exchange.status}")
        self.exchange = exchange
        self.status = exchange.status
        self.headers = exchange.response_headers
        self.body = exchange.response_body


class SocketClosed(AssertionError):
    """Say that a WebSocket, from which more was wanted, is closed; pytest.raises may expect it.

    `code` and `reason` are those of the lab's close frame; 1006 if the connection ended without.
    """

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"the lab closed {exchange.path} with code {exchange.close_code}")
        self.exchange = exchange
        self.code = exchange.close_code
        self.reason = exchange.close_reason


class NotJsonMessage(AssertionError):
    """Say that a message of a WebSocket, which should be JSON, is not."""

    def __init__(self, exchange: Exchange, message: str | bytes) -> None:
        super().__init__(f"a message from {exchange.path} is not JSON")
        self.exchange = exchange
        self.message = message


class CallRaised(AssertionError):
    """Say that a learner's function, called by the judge, raised; pytest.raises may expect it."""

    def __init__(self, target: str, raised: Raised) -> None:
        super().__init__(f"{target} raised {raised['type']}: {raised['message']}")
        self.target = target
        self.raised = raised
        self.type = raised["type"]
        self.text = raised["message"]


class CallMissing(AssertionError):
    """Say that the function the suite calls does not exist; `names` are those that do."""

    def __init__(self, target: str, names: list[str]) -> None:
        super().__init__(f"{target} does not exist")
        self.target = target
        self.names = names


class FileMissing(AssertionError):
    """Say that a file the suite reads is not in the lab; `names` are those that are."""

    def __init__(self, name: str, names: list[str]) -> None:
        super().__init__(f"{name} does not exist")
        self.name = name
        self.names = names


class DidNotFail(AssertionError):
    """Say that a launch which had to be refused came up and accepted requests."""

    def __init__(self, what: str = "the app") -> None:
        super().__init__(f"{what} started, but it had to refuse to start")
