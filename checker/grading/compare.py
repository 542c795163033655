"""Two gradings of a class beside each other: who changes, by how much, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from checker.grading.export.job import state_word
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, Receipt, Row, State
from checker.grading.policy import Grade, Policy


@dataclass(frozen=True)
class Side:
    """One grading with the policy that goes with it."""

    book: Gradebook
    policy: Policy

    def grade(self, row: Row) -> Grade:
        """Give what a student gets on this side."""
        return self.policy.grade(self.book, row)


class Fate(StrEnum):
    """What became of a student."""

    CHANGED = "changed"
    NEW = "new"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A topic on one side: its state, and its points unless nothing was judged."""

    state: str
    points: int | None

    def __str__(self) -> str:
        return self.state if self.points is None else f"{self.state} with {self.points}"


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A topic that changed for a student; a side is None where the class has no such topic."""

    topic: str
    before: Standpoint | None
    after: Standpoint | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudentChange:
    """A student whose results or grade changed; a side is None where the class has them not."""

    student: str
    name: str
    fate: Fate
    before: Grade | None
    after: Grade | None
    topics: tuple[TopicChange, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """Give how much the grade rises."""
        before = self.before.final if self.before else Decimal(0)
        return (self.after.final if self.after else Decimal(0)) - before


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes; `same` counts the students of both sides without any."""

    changes: tuple[StudentChange, ...]
    same: int


def compare(old: Side, new: Side) -> Comparison:
    """Compare two gradings, students in the order of the new one, those who left last."""
    changes = []
    same = 0
    for row in new.book.rows:
        before = old.book.by_student.get(row.student.id)
        if before is None:
            one = row.student
            changes.append(StudentChange(one.id, one.name, Fate.NEW, None, new.grade(row)))
        elif change := _student(old, before, new, row):
            changes.append(change)
        else:
            same += 1
    for row in old.book.rows:
        if row.student.id not in new.book.by_student:
            one = row.student
            changes.append(StudentChange(one.id, one.name, Fate.LEFT, old.grade(row), None))
    return Comparison(tuple(changes), same)


def _student(old: Side, before: Row, new: Side, after: Row) -> StudentChange | None:
    topics = tuple(_topics(old, before, new, after))
    old_grade, new_grade = old.grade(before), new.grade(after)
    moved = (old_grade.final, old_grade.out_of) != (new_grade.final, new_grade.out_of)
    if not topics and not moved:
        return None
    one = after.student
    why = tuple(_why_grade(old, before, new, after)) if moved else ()
    return StudentChange(one.id, one.name, Fate.CHANGED, old_grade, new_grade, topics, why)


def _topics(old: Side, before: Row, new: Side, after: Row) -> Iterator[TopicChange]:
    ids = [topic.id for topic in new.book.topics]
    ids += [topic.id for topic in old.book.topics if topic.id not in ids]
    for id in ids:
        one, other = before.cells.get(id), after.cells.get(id)
        then, now = _standpoint(one), _standpoint(other)
        if then != now:
            yield TopicChange(id, then, now, tuple(_why(old.book, one, new.book, other)))


def _standpoint(one: Cell | None) -> Standpoint | None:
    if one is None:
        return None
    return Standpoint(state_word(one), one.points if one.state is State.JUDGED else None)


def _why(old: Gradebook, one: Cell | None, new: Gradebook, other: Cell | None) -> Iterator[str]:
    if one is None or other is None:
        yield "the class did not have this topic" if one is None else "the topic was taken out"
        return
    before, after = old.receipt(one), new.receipt(other)
    if before is not None and after is not None:
        reasons = list(_differences(before, after))
        if State.ERROR in (one.state, other.state):
            reasons.append("an error of ours has no verdict")
        elif one.flaky or other.flaky or not reasons:
            reasons.append("the answer is flaky: repeats disagree")
        yield from reasons
    elif State.ABSENT in (one.state, other.state):
        yield "it was handed in" if one.state is State.ABSENT else "it is no longer handed in"
    elif State.REFUSED in (one.state, other.state):
        yield "it is taken in now" if one.state is State.REFUSED else "it is refused now"
    else:
        yield "it was judged" if one.state is State.PENDING else "it waits to be judged again"


def _differences(before: Receipt, after: Receipt) -> Iterator[str]:
    """Name all that a verdict hangs on and that is not the same."""
    if before.code != after.code:
        yield "the code changed"
    if before.suite != after.suite:
        yield "the suite changed"
    for name in ("seed", "checker", "sandbox"):
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            yield f"{name}: {now}, was {then}"
    if before.trusted != after.trusted:
        yield "trusted now" if after.trusted else "untrusted now"
    for kind, then, now in (
        ("limit", before.limits, after.limits),
        ("version", before.versions, after.versions),
    ):
        for name in sorted(then.keys() | now.keys()):
            if then.get(name) != now.get(name):
                yield f"{kind} of {name}: {now.get(name, 'none')}, was {then.get(name, 'none')}"


def _why_grade(old: Side, before: Row, new: Side, after: Row) -> Iterator[str]:
    """Say what moved a grade beside the verdicts."""
    if old.policy != new.policy:
        yield "the policy changed"
    timed = old.policy.late is not None or new.policy.late is not None
    if timed and before.submitted_at != after.submitted_at:
        yield "it was handed in at another time"
    points = {topic.id: topic.points for topic in old.book.topics}
    for topic in new.book.topics:
        if topic.id in points and points[topic.id] != topic.points:
            yield f"{topic.id} offers {topic.points} points, was {points[topic.id]}"
