"""What a class's points are worth: weights, a deduction for lateness and a scale, from TOML.

    [weights]            # what a section or a topic is worth; others: the points of the catalog
    "5.1" = 30
    "5.8.4" = 0

    [late]
    deadline = 2026-12-01T23:59:00+01:00
    grace = 15           # minutes after the deadline that cost nothing
    per_day = 10         # percent of what was earned, for each day that has begun
    max = 50             # percent that are taken at most

    [scale]
    to = 100             # what full points are called
    places = 2           # decimals; half is rounded up

Every sum is exact: fractions inside, rounded once, when a number is given out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from checker.errors import UsageError
from checker.grading.gradebook import Gradebook
from checker.grading.model import Row, State, TopicLine

PLACES = 2
UNDECIDED = frozenset({State.PENDING, State.ERROR})
"""States in which points are neither given nor taken yet."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What a student gets.

    Args:
        earned: points after weights, before anything is taken.
        points: what could be earned after weights.
        percent: `earned` of `points`; 0 when nothing is offered.
        penalty: what lateness takes, in the unit of `final`.
        final: what counts, out of `out_of`.
        out_of: the scale, or `points` without one.
        undecided: topics without a verdict yet; while there are any, `final` is not final.
        notes: sentences for the student and the instructor.
    """

    earned: Decimal
    points: Decimal
    percent: Decimal
    penalty: Decimal
    final: Decimal
    out_of: Decimal
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline and what missing it costs, in percent of what was earned."""

    deadline: datetime
    per_day: Fraction = Fraction(0)
    grace: timedelta = timedelta(0)
    most: Fraction = Fraction(100)

    def percent(self, submitted_at: datetime) -> Fraction:
        """Give the percentage that is taken: days are counted from the deadline, begun ones in."""
        if submitted_at <= self.deadline + self.grace:
            return Fraction(0)
        days = max(1, ceil((submitted_at - self.deadline) / timedelta(days=1)))
        return min(days * self.per_day, self.most)


@dataclass(frozen=True)
class Policy:
    """How points become a grade; an empty policy leaves them as they are."""

    weights: Mapping[str, Fraction] = field(default_factory=dict)
    late: Late | None = None
    scale: Fraction | None = None
    places: int = PLACES

    def check(self, book: Gradebook) -> None:
        """Prove that the class has all that is weighted.

        Raises:
            UsageError: it has not, or what is weighted offers nothing that could be shared out.
        """
        for name, weight in self.weights.items():
            offered = [topic for topic in book.topics if self._covers(name, topic.id)]
            if not offered:
                raise UsageError(
                    f"The policy weights {name}, and this class has no such topic.",
                    "Take the line out, or grade that topic too.",
                )
            if weight and not sum(topic.points for topic in offered):
                raise UsageError(
                    f"The policy weights {name}, which offers no points to share out.",
                    "Set its weight to 0.",
                )

    def worth(self, book: Gradebook, topic: TopicLine) -> Fraction:
        """Give what a point of the topic counts: 1 without a weight."""
        for name in (topic.id, _section(topic.id)):
            if name in self.weights:
                offered = sum(one.points for one in book.topics if self._covers(name, one.id))
                return self.weights[name] / offered if offered else Fraction(0)
        return Fraction(1)

    def offered(self, book: Gradebook) -> Fraction:
        """Give the points that all topics offer after weights."""
        return sum((self.worth(book, one) * one.points for one in book.topics), Fraction(0))

    def grade_out_of(self, book: Gradebook) -> Decimal:
        """Give the grade for full points."""
        return self.rounded(self.offered(book) if self.scale is None else self.scale)

    def grade(self, book: Gradebook, row: Row) -> Grade:
        """Give what a student gets."""
        worth = {topic.id: self.worth(book, topic) for topic in book.topics}
        offered = self.offered(book)
        earned = sum((worth[one.topic] * one.points for one in row.cells.values()), Fraction(0))
        share = earned / offered if offered else Fraction(0)
        out_of = offered if self.scale is None else self.scale
        taken, notes = self._lateness(row)
        penalty = share * out_of * taken / 100
        waiting = tuple(one.topic for one in row.cells.values() if one.state in UNDECIDED)
        return Grade(
            earned=self.rounded(earned),
            points=self.rounded(offered),
            percent=self.rounded(share * 100),
            penalty=self.rounded(penalty),
            final=self.rounded(share * out_of - penalty),
            out_of=self.rounded(out_of),
            undecided=waiting,
            notes=notes,
        )

    def rounded(self, number: Fraction | int) -> Decimal:
        """Round half up to the policy's decimals; zeros at the end are left out."""
        steps = floor(Fraction(number) * 10**self.places + Fraction(1, 2))
        value = Decimal(steps).scaleb(-self.places)
        return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()

    def _lateness(self, row: Row) -> tuple[Fraction, tuple[str, ...]]:
        if self.late is None or row.source is None:
            return Fraction(0), ()
        if row.submitted_at is None:
            if row.late:
                return Fraction(0), ("Handed in late; nothing says when, so nothing was taken.",)
            return Fraction(0), ()
        taken = self.late.percent(row.submitted_at)
        if not taken:
            return taken, ()
        return taken, (f"Handed in late: {self.rounded(taken)} percent were taken.",)

    def _covers(self, name: str, topic: str) -> bool:
        return topic == name or (_section(topic) == name and topic not in self.weights)


def _section(topic: str) -> str:
    return topic.rpartition(".")[0]
