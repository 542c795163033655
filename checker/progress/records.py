"""The rows of the progress file as immutable values. Times are UTC, durations seconds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checker.catalog.model import Topic
from checker.kinds import Verdict


class EventKind(StrEnum):
    """What the history records beside attempts."""

    CREATED = "created"
    HINT = "hint"
    SOLUTION_VIEWED = "solution_viewed"
    SOLUTION_TAKEN = "solution_taken"
    RESET = "reset"
    UNDO = "undo"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One check of a topic; `snapshot` names the files that it judged, `earned` its points."""

    id: int
    topic: str
    at: datetime
    verdict: Verdict
    seed: int
    seconds: float
    snapshot: str
    earned: int
    points: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something else that happened to a topic.

    `snapshot` names the files as they were before it; `detail` is the hint's text or the
    snapshot restored.
    """

    id: int
    topic: str
    kind: EventKind
    at: datetime
    task: str | None = None
    snapshot: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """A task once passed stays passed; `digest` tells which suite and statement judged it."""

    topic: str
    task: str
    at: datetime
    digest: str
    points: int


@dataclass(frozen=True, slots=True)
class TaskState:
    """Where the learner stands with one task; stale: what judges it changed since the pass."""

    id: str
    title: str
    points: int
    passed: bool
    stale: bool = False


@dataclass(frozen=True, slots=True)
class TopicState:
    """Where the learner stands with one topic.

    `state` is one of coming (not written), open (never checked), started, passed.
    """

    topic: Topic
    state: str
    tasks: tuple[TaskState, ...] = ()
    last: Attempt | None = None

    @property
    def earned(self) -> int:
        """Points of the tasks passed."""
        return sum(task.points for task in self.tasks if task.passed)

    @property
    def points(self) -> int:
        """Points that the topic offers."""
        return sum(task.points for task in self.tasks)

    @property
    def stale(self) -> bool:
        """Tell whether a pass was given by an older suite or statement."""
        return any(task.stale for task in self.tasks)
