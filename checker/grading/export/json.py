"""The whole class as one JSON document of a versioned form, and its schema."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from checker.grading.export.job import Files, Job, reason
from checker.grading.model import Cell, Finding, Receipt, Row, Standing, State, TaskLine
from checker.kinds import Verdict
from checker.report.model import Model
from checker.report.schema import DIALECT

RESULTS_VERSION = 1
RESULTS_ID = f"urn:fastapi-workbook:class-results:{RESULTS_VERSION}"

Number = Annotated[float, Field(ge=0)]


class TopicEntry(Model):
    """A topic of the manifest; `worth` is what its points count by the policy."""

    id: str
    title: str
    points: int
    worth: Number
    tasks: tuple[TaskLine, ...]


class ResultEntry(Model):
    """One student's topic.

    `points` is null while nothing was judged, so that it is never mistaken for an earned zero;
    `tasks` are the points of each task that was judged.
    """

    topic: str
    state: State
    verdict: Verdict | None = None
    points: Number | None = None
    tasks: dict[str, int] = Field(default_factory=dict)
    reason: str = ""
    seconds: float = 0.0
    judged_at: datetime | None = None
    flaky: bool = False
    receipt: Receipt | None = None


class GradeEntry(Model):
    """What a student gets; with topics in `undecided` it is not final."""

    earned: Number
    points: Number
    percent: Number
    penalty: Number
    final: Number
    out_of: Number
    undecided: tuple[str, ...]
    notes: tuple[str, ...]


class StudentEntry(Model):
    """One student with a result for each topic of the manifest."""

    id: str
    name: str
    email: str
    login: str
    section: str
    standing: Standing
    columns: dict[str, str]
    source: str | None
    submitted_at: datetime | None
    late: bool | None
    grade: GradeEntry
    results: tuple[ResultEntry, ...]


class ClassResults(Model):
    """The results of a class. Unless `trusted`, `warning` says why nobody should rely on them."""

    schema_version: Literal[1] = 1
    title: str
    trusted: bool
    warning: str
    sandbox: tuple[str, ...]
    seed: int
    latest: datetime | None
    topics: tuple[TopicEntry, ...]
    students: tuple[StudentEntry, ...]
    findings: tuple[Finding, ...]


def make(job: Job) -> Files:
    """Give the document, in ASCII, so that no terminal acts on what a submission says."""
    document = results(job).model_dump(mode="json")
    yield "grades.json", (json.dumps(document, indent=2) + "\n").encode("ascii")


def results_schema() -> dict[str, object]:
    """Give the JSON schema of the document."""
    schema = ClassResults.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": RESULTS_ID, **schema}


def results(job: Job) -> ClassResults:
    """Give the class as a document."""
    book = job.book
    return ClassResults(
        title=job.title,
        trusted=book.trusted,
        warning=job.warning,
        sandbox=book.sandbox,
        seed=book.seed,
        latest=book.latest,
        topics=tuple(
            TopicEntry(
                id=topic.id,
                title=topic.title,
                points=topic.points,
                worth=_number(job.worth(topic.id, topic.points)),
                tasks=topic.tasks,
            )
            for topic in book.topics
        ),
        students=tuple(_student(job, row) for row in book.rows),
        findings=book.findings,
    )


def _student(job: Job, row: Row) -> StudentEntry:
    one, grade = row.student, job.grades[row.student.id]
    return StudentEntry(
        id=one.id,
        name=one.name,
        email=one.email,
        login=one.login,
        section=one.section,
        standing=one.standing,
        columns=dict(one.columns),
        source=row.source,
        submitted_at=row.submitted_at,
        late=row.late,
        grade=GradeEntry(
            earned=_number(grade.earned),
            points=_number(grade.points),
            percent=_number(grade.percent),
            penalty=_number(grade.penalty),
            final=_number(grade.final),
            out_of=_number(grade.out_of),
            undecided=grade.undecided,
            notes=grade.notes,
        ),
        results=tuple(_result(job, row, row.cells[topic.id]) for topic in job.book.topics),
    )


def _result(job: Job, row: Row, one: Cell) -> ResultEntry:
    judged = one.state is State.JUDGED
    return ResultEntry(
        topic=one.topic,
        state=one.state,
        verdict=one.verdict,
        points=_number(job.worth(one.topic, one.points)) if judged else None,
        tasks=dict(one.earned),
        reason=reason(row, one),
        seconds=one.seconds,
        judged_at=one.judged_at,
        flaky=one.flaky,
        receipt=job.book.receipt(one),
    )


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral() else float(value)
