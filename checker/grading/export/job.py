"""What a format is and what it gets to work with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from checker.grading.export.safe import clean_report
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, Row, State
from checker.grading.policy import Grade, Policy
from checker.harmless import line
from checker.kinds import Verdict
from checker.report import TopicReport

UNTRUSTED = "UNTRUSTED"
WHY_UNTRUSTED = (
    "UNTRUSTED: code ran without a sandbox, so what was submitted could have changed these results."
)
TITLE = "FastAPI Workbook"
STATE_SENTENCES = {
    State.ERROR: "Not judged: the checker or its environment failed; no points are given or taken.",
    State.PENDING: "Not judged yet: no points are given or taken.",
    State.ABSENT: "Nothing was handed in.",
    State.REFUSED: "It was handed in and could not be taken.",
}

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Job:
    """One export: what is asked for.

    Args:
        book: the class.
        policy: what points are worth.
        title: of the pages, and of the column in a learning platform.
        template: a file that was downloaded and is filled in.
        column: the column of the template that takes the grade; None finds it.
        partial: give grades to students with topics that are not judged yet, too.
        names: what the files of each student are called, by id.
        say: takes sentences that a person should read.
    """

    book: Gradebook
    policy: Policy = field(default_factory=Policy)
    title: str = TITLE
    template: Path | None = None
    column: str | None = None
    partial: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], object] = lambda _: None

    @cached_property
    def grades(self) -> dict[str, Grade]:
        """Give each student's grade."""
        return {row.student.id: self.policy.grade(self.book, row) for row in self.book.rows}

    def report(self, one: Cell) -> TopicReport | None:
        """Give the verdict of a cell, made harmless for a terminal."""
        report = self.book.report(one)
        return None if report is None else clean_report(report)

    def worth(self, topic: str, points: int) -> Decimal:
        """Give what points of a topic count by the policy."""
        return self.policy.rounded(self._worth[topic] * points)

    @cached_property
    def _worth(self) -> dict[str, Fraction]:
        return {one.id: self.policy.worth(self.book, one) for one in self.book.topics}

    def marked(self, text: str) -> str:
        """Give a title that says UNTRUSTED where it must."""
        return text if self.book.trusted else f"{text} {UNTRUSTED}"

    @property
    def warning(self) -> str:
        """Give the sentence that each format holds when the class is untrusted, else nothing."""
        return "" if self.book.trusted else WHY_UNTRUSTED

    def grade_text(self, row: Row) -> str:
        """Give the grade that a learning platform gets: nothing while a topic is not judged.

        A student whose grade is left empty is named to the person who exports.
        """
        grade = self.grades[row.student.id]
        if grade.undecided:
            topics = ", ".join(grade.undecided)
            done = "counted as 0" if self.partial else "left empty; --partial gives what there is"
            self.say(f"{line(row.student.name)}: {topics} not judged yet: {done}.")
            if not self.partial:
                return ""
        return f"{grade.final:f}"


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the results.

    Args:
        summary: a few words for the help.
        make: gives names and contents of the files.
        single: the one file's name; None when there is a file a student.
        template: whether a file that was downloaded is needed ("needed"), possible ("can") or not.
    """

    summary: str
    make: Callable[[Job], Files]
    single: str | None = None
    template: str = ""


def state_word(one: Cell) -> str:
    """Name the state of a cell: the verdict of what was judged, else why it was not."""
    if one.state is State.JUDGED and one.verdict is not None:
        return Verdict(one.verdict).value
    return one.state.value


def reason(row: Row, one: Cell) -> str:
    """Say why a cell holds no verdict; the findings of refusals are added."""
    sentence = STATE_SENTENCES.get(one.state, "")
    if one.state is State.REFUSED:
        found = [
            finding.message
            for finding in row.findings
            if finding.refused and finding.topic in (one.topic, None)
        ]
        sentence = " ".join([sentence, *map(line, found)])
    return sentence
