"""What can happen while watching. Every source puts its events into one queue."""

from dataclasses import dataclass

from checker.catalog.model import Topic
from checker.files import Tree
from checker.report import TopicReport


@dataclass(frozen=True, slots=True)
class Wake:
    """The file system says that something changed; what, a look at the files tells.

    `paths` are those it names; none means that any file may have changed.
    """

    paths: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Key:
    """The learner pressed a key."""

    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """A check to run: the topic, its files as they were read for it, and when the save was seen."""

    topic: Topic
    tree: Tree
    seen: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A check has ended with a report."""

    order: Order
    report: TopicReport


Event = Wake | Key | Judged
