"""A verdict in the light of what the learner had reached before."""

from dataclasses import dataclass
from typing import Protocol

from checker.catalog.model import Topic
from checker.kinds import Verdict
from checker.report import TopicReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict as the screen tells it.

    `seconds` run from the moment the save was seen; `new` are ids of tasks that had never passed
    before; `following` is the topic to go to, once this one is passed.
    """

    topic: Topic
    report: TopicReport
    seconds: float
    new: tuple[str, ...]
    following: Topic | None


class Standing(Protocol):
    """What must be known of the learner's progress; asked before the verdict is recorded."""

    def passed(self, topic: Topic) -> frozenset[str]:
        """Give the tasks of a topic that have passed before."""

    def following(self, topic: Topic) -> Topic | None:
        """Give the next open topic after this one."""


def outcome_of(standing: Standing, topic: Topic, report: TopicReport, seconds: float) -> Outcome:
    """Tell which tasks are new and, after a pass, where to go."""
    before = standing.passed(topic)
    passed = [task.id for task in report.tasks if task.verdict is Verdict.PASSED]
    return Outcome(
        topic=topic,
        report=report,
        seconds=seconds,
        new=tuple(task for task in passed if task not in before),
        following=standing.following(topic) if report.verdict is Verdict.PASSED else None,
    )
