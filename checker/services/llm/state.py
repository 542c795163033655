"""What the model was asked, what it generated, and what it shall do wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

JSON = Any


@dataclass(slots=True)
class Script:
    """What shall happen to requests.

    Args:
        kind: say, call, slow, stall, refuse, cut or garble.
        times: how many requests it happens to; None means all.
        match: a text that the prompt must hold.
        after: how many tokens come before it (stall, cut, garble).
        seconds: between two tokens (slow).
        status: of the refusal; `retry_after` in seconds goes with it.
        pieces: the tokens to say.
        name: of the function to call, with `arguments`.
    """

    kind: str
    times: int | None = 1
    match: str = ""
    after: int = 0
    seconds: float = 0.05
    status: int = 500
    retry_after: float | None = None
    pieces: list[str] = field(default_factory=list)
    name: str = ""
    arguments: dict[str, JSON] = field(default_factory=dict)


KINDS = ("say", "call", "slow", "stall", "refuse", "cut", "garble")


@dataclass(slots=True)
class Record:
    """One request and what became of it.

    `outcome` is running, completed, cancelled (the client left), refused or broken (cut, garbled).
    """

    number: int
    path: str
    headers: dict[str, str]
    body: JSON
    stream: bool = False
    generated: int = 0
    text: str = ""
    outcome: str = "running"


@dataclass(slots=True)
class Counts:
    """How many requests were asked and how they ended; `generated` counts tokens."""

    asked: int = 0
    generated: int = 0
    completed: int = 0
    cancelled: int = 0
    refused: int = 0
    broken: int = 0
    running: int = 0


class State:
    """The state of one model; a reset makes a new one of it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self._gate = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Forget requests and scripts, and let go what was stalled."""
        self.records: list[Record] = []
        self.scripts: list[Script] = []
        self.answers: dict[str, list[dict[str, JSON]]] = {}
        self.release()

    def release(self) -> None:
        """Let go what is stalled now; what stalls later waits for the next release."""
        self._gate.set()
        self._gate = asyncio.Event()

    async def wait_for_release(self) -> None:
        """Wait until what is stalled now is let go."""
        await self._gate.wait()

    def begin(self, path: str, headers: Mapping[str, str], body: JSON, stream: bool) -> Record:
        """Note a request."""
        record = Record(len(self.records) + 1, path, dict(headers), body, stream)
        self.records.append(record)
        return record

    def scripts_for(self, prompt: str) -> dict[str, Script]:
        """Take the scripts that a request meets: of each kind the first that matches."""
        found: dict[str, Script] = {}
        for script in list(self.scripts):
            if script.kind in found or script.match not in prompt:
                continue
            found[script.kind] = script
            if script.times is not None:
                script.times -= 1
                if script.times <= 0:
                    self.scripts.remove(script)
        return found

    def counts(self) -> Counts:
        """Count."""
        counts = Counts(asked=len(self.records))
        for record in self.records:
            counts.generated += record.generated
            setattr(counts, record.outcome, getattr(counts, record.outcome) + 1)
        return counts

    def data(self) -> dict[str, JSON]:
        """Give counts and requests as JSON data."""
        requests = [asdict(record) for record in self.records]
        return {"counts": asdict(self.counts()), "requests": requests}


def read_script(data: Mapping[str, JSON]) -> Script:
    """Read a script; ValueError says what is wrong with it."""
    known = {one.name for one in fields(Script)}
    unknown = set(data) - known
    if unknown or data.get("kind") not in KINDS:
        raise ValueError(f"a script has {', '.join(sorted(known))}; its kind is one of {KINDS}")
    return Script(**data)


def read_header(text: str) -> Script:
    """Read a script of the header `X-Fault`, such as `refuse; status=429; retry_after=1`."""
    kind, *settings = [part.strip() for part in text.split(";")]
    pairs = dict(part.split("=", 1) for part in settings if part)
    numbers = {"after": int, "status": int, "seconds": float, "retry_after": float}
    return read_script({"kind": kind, **{key: numbers[key](pairs[key]) for key in pairs}})
