"""The class with its verdicts, as exports read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from checker.errors import CheckerError
from checker.grading.model import Cell, Finding, Receipt, Row, TopicLine
from checker.report import TopicReport

Judged = tuple[TopicReport, Receipt]


@dataclass(frozen=True)
class Gradebook:
    """All rows of a class.

    Args:
        topics: the manifest: what can be earned, in the order of the outline.
        rows: the students, in the order of the class; each has a cell for each topic.
        findings: of the whole class and of every row.
        sandbox: what stood around the code, one text for each kind among the results.
        trusted: False when a result was made without a sandbox: each format must say UNTRUSTED.
        seed: of the data of this class.
        latest: when the newest result was made; None before the first.
        load: gives report and receipt of a stored result.
    """

    topics: tuple[TopicLine, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    sandbox: tuple[str, ...]
    trusted: bool
    seed: int
    latest: datetime | None
    load: Callable[[int], Judged] = field(repr=False)

    @property
    def points(self) -> int:
        """Points that all topics offer."""
        return sum(topic.points for topic in self.topics)

    @cached_property
    def by_student(self) -> Mapping[str, Row]:
        """Give the rows by the student's id."""
        return {row.student.id: row for row in self.rows}

    def report(self, cell: Cell) -> TopicReport | None:
        """Give the whole verdict of a cell; None without one."""
        return None if cell.result is None else self.load(cell.result)[0]

    def receipt(self, cell: Cell) -> Receipt | None:
        """Give what a cell's verdict hangs on; None without one."""
        return None if cell.result is None else self.load(cell.result)[1]

    def check_sums(self) -> None:
        """Prove that nobody earned what the manifest does not offer.

        Raises:
            CheckerError: somebody did.
        """
        offered = {
            topic.id: {task.id: task.points for task in topic.tasks} for topic in self.topics
        }
        for row in self.rows:
            for cell in row.cells.values():
                for task, points in cell.earned.items():
                    if points not in (0, offered.get(cell.topic, {}).get(task)):
                        raise CheckerError(
                            f"The result of {row.student.id} in {cell.topic} gives {points} points "
                            f"for the task {task!r}, which the manifest does not offer.",
                            "The store was changed by hand or by another version: grade into a new"
                            " folder.",
                        )
