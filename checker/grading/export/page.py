"""The class on one page that loads nothing from elsewhere: heat map, checks, time and flags."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from checker.grading.export.analysis import analyse
from checker.grading.export.job import Files, Job, state_word
from checker.grading.export.markup import render, script
from checker.grading.model import Cell, Row, State, TopicLine
from checker.grading.policy import Grade
from checker.kinds import Verdict

SIGNS = {
    "broken": "B",
    "timeout": "T",
    "error": "!",
    "pending": "?",
    "absent": "–",  # noqa: RUF001 - a dash
    "refused": "×",  # noqa: RUF001 - a cross
}
"""What a cell shows in place of points; `failed` and `passed` show the points."""

SORTED_LAST = {"pending": -4, "error": -3, "refused": -2, "absent": -1}
STEPS = 4


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the heat map: `style` names its look, `words` say to the ear what it shows."""

    text: str
    style: str
    words: str
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """A student of the heat map."""

    row: Row
    grade: Grade
    squares: tuple[Square, ...]
    seconds: float
    flags: int


def make(job: Job) -> Files:
    """Give the page."""
    code, digest = script("class.js")
    topics = job.book.topics
    sections = [(name, list(group)) for name, group in groupby(topics, lambda one: section(one.id))]
    yield (
        "class.html",
        render(
            "class.html",
            title=job.title,
            warning=job.warning,
            book=job.book,
            policy=job.policy,
            lines=list(_lines(job)),
            sections=sections,
            firsts={group[0].id for _, group in sections},
            found=analyse(job),
            code=code,
            digest=digest,
        ),
    )


def _lines(job: Job) -> Iterator[Line]:
    for row in job.book.rows:
        yield Line(
            row=row,
            grade=job.grades[row.student.id],
            squares=tuple(square(topic, row.cells[topic.id]) for topic in job.book.topics),
            seconds=sum(one.seconds for one in row.cells.values()),
            flags=len(row.findings),
        )


def square(topic: TopicLine, one: Cell) -> Square:
    """Draw one cell."""
    state = state_word(one)
    flaky = ", flaky" if one.flaky else ""
    if one.state is not State.JUDGED:
        return Square(SIGNS[state], state, state, SORTED_LAST[state])
    share = one.points / topic.points if topic.points else float(one.verdict is Verdict.PASSED)
    step = STEPS if share >= 1 else int(share * (STEPS - 1)) + 1 if one.points else 0
    text = SIGNS.get(state, "") if not one.points else ""
    return Square(
        text=(text or str(one.points)) + ("~" if one.flaky else ""),
        style=f"s{step}" + (f" {state}" if state in SIGNS else ""),
        words=f"{one.points} of {topic.points}, {state}{flaky}",
        value=share,
    )


def section(topic: str) -> str:
    """Give the section of a topic."""
    return topic.rpartition(".")[0]
