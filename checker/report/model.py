"""The shape of a verdict. Pure data: nothing here runs, asks or draws."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from checker.kinds import Kind as Kind
from checker.kinds import Verdict as Verdict

SCHEMA_VERSION = 1


class Model(BaseModel):
    """Base of the report: immutable, strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Location(Model):
    """A place in the learner's files; `file` is relative to the lab's folder, `line` counts from 1.

    `column` counts from 1 within `source`, the line without its indentation.
    """

    file: str
    line: Annotated[int, Field(ge=1)]
    function: str | None = None
    source: str | None = None
    column: Annotated[int, Field(ge=1)] | None = None

    def __str__(self) -> str:
        """Give `app.py:23`, the form that terminals and editors open."""
        return f"{self.file}:{self.line}"


class FrameView(Model):
    """A WebSocket frame or a chunk of a stream, `milliseconds` after the conversation began.

    `kind` is text, binary, ping, pong, close, lost (an end without a close frame) or chunk; the
    text of a close is its code and reason.
    """

    milliseconds: float
    sender: Literal["client", "app"]
    kind: str
    text: str = ""


class ExchangeView(Model):
    """One request and its answer, as the card shows it.

    `curl` can be pasted into a shell while `checker run` serves the lab. `status` is None when no
    answer came. `frames` are what a WebSocket or a stream said, in order, less `omitted` of them in
    the middle; `began` is in milliseconds since the check began.
    """

    method: str
    path: str
    curl: str
    request_body: str | None = None
    status: int | None = None
    response_body: str | None = None
    milliseconds: float | None = None
    began: float = 0.0
    frames: tuple[FrameView, ...] = ()
    omitted: int = 0


class Card(Model):
    """What the learner reads when a check does not pass.

    `headline` is one sentence; `expected` and `got` are the first difference; `started` says what
    the check started the app with beside the usual; `why` are sentences, each true and relevant;
    `next_step` is one imperative sentence; `detail` a piece of the log or the calls that led there.
    """

    kind: Kind
    headline: str
    request: ExchangeView | None = None
    earlier: tuple[ExchangeView, ...] = ()
    expected: str | None = None
    got: str | None = None
    started: tuple[str, ...] = ()
    where: Location | None = None
    why: tuple[str, ...] = ()
    next_step: str | None = None
    detail: str | None = None


class CheckResult(Model):
    """One question of the suite; `title` is the sentence in its docstring."""

    id: str
    title: str
    verdict: Verdict
    seconds: float = 0.0
    card: Card | None = None


class TaskResult(Model):
    """A task passes when each of its checks was executed and passed."""

    id: str
    title: str
    verdict: Verdict
    points: int
    checks: tuple[CheckResult, ...] = ()
    blocked_by: tuple[str, ...] = ()

    @property
    def earned(self) -> int:
        """Points earned: all or none."""
        return self.points if self.verdict is Verdict.PASSED else 0


class TopicReport(Model):
    """The verdict on one topic; `card` tells of a trouble of the whole lab.

    `remarks` are sentences on what was seen beside, for whoever grades; no verdict hangs on them.
    """

    schema_version: int = SCHEMA_VERSION
    topic: str
    title: str
    verdict: Verdict
    tasks: tuple[TaskResult, ...]
    card: Card | None = None
    seed: int
    seconds: float
    sandbox: str = "bare"
    versions: dict[str, str] = Field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def earned(self) -> int:
        """Points earned over all tasks."""
        return sum(task.earned for task in self.tasks)

    @property
    def points(self) -> int:
        """Points that the topic offers."""
        return sum(task.points for task in self.tasks)

    def first_card(self) -> tuple[TaskResult | None, CheckResult | None, Card] | None:
        """Find the card to show first: the lab's own, else the first in task order."""
        if self.card is not None:
            return None, None, self.card
        for task in self.tasks:
            for check in task.checks:
                if check.card is not None:
                    return task, check, check.card
        return None
