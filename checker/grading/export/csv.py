"""A table for spreadsheets: a row a student, a column a topic, every state in words.

A cell of points is filled only where something was judged: what waits, failed on our side, was
refused or is absent has a state and no number, so that it never looks like an earned zero.
"""

import csv
import io
from collections.abc import Iterable

from checker.grading.export.job import Files, Job, state_word
from checker.grading.export.safe import cell
from checker.grading.model import Row, State, Student

WHO = ("student", "name", "email", "login", "section", "standing")
SUMS = ("earned", "offered", "percent", "penalty", "final", "out of", "undecided topics")
REST = ("trust", "source", "submitted at", "late", "flags", "notes")


def make(job: Job) -> Files:
    """Give the table, UTF-8 with a mark that spreadsheets know it by."""
    others = _other_columns(row.student for row in job.book.rows)
    topics = [
        name for topic in job.book.topics for name in (f"{topic.id} points", f"{topic.id} state")
    ]
    lines = [[*WHO, *topics, *SUMS, *REST, *others]]
    for row in job.book.rows:
        lines.append(
            [
                *_who(row.student),
                *_topics(job, row),
                *_sums(job, row),
                *_rest(job, row),
                *(row.student.columns.get(name, "") for name in others),
            ]
        )
    yield "grades.csv", table(lines).encode("utf-8-sig")


def table(lines: Iterable[Iterable[str]]) -> str:
    """Write rows as CSV; every cell is made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([cell(one) for one in row] for row in lines)
    return text.getvalue()


def _who(one: Student) -> list[str]:
    return [one.id, one.name, one.email, one.login, one.section, one.standing.value]


def _topics(job: Job, row: Row) -> list[str]:
    cells = []
    for topic in job.book.topics:
        found = row.cells[topic.id]
        judged = found.state is State.JUDGED
        points = f"{job.worth(topic.id, found.points):f}" if judged else ""
        cells += [points, state_word(found)]
    return cells


def _sums(job: Job, row: Row) -> list[str]:
    grade = job.grades[row.student.id]
    numbers = (grade.earned, grade.points, grade.percent, grade.penalty, grade.final, grade.out_of)
    return [*(f"{one:f}" for one in numbers), str(len(grade.undecided))]


def _rest(job: Job, row: Row) -> list[str]:
    late = {True: "late", False: "in time", None: ""}[row.late]
    submitted = row.submitted_at.isoformat() if row.submitted_at else ""
    flags = sorted({finding.kind.value for finding in row.findings})
    notes = " ".join(job.grades[row.student.id].notes)
    trust = "trusted" if job.book.trusted else "UNTRUSTED"
    return [trust, row.source or "", submitted, late, " ".join(flags), notes]


def _other_columns(students: Iterable[Student]) -> list[str]:
    """List the columns that only the roster has."""
    return list(dict.fromkeys(name for one in students for name in one.columns))
