"""The store of a class: one SQLite file, in which a result is whole or not there."""

import secrets
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, create_engine, delete, event, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from checker.closing import Closing
from checker.errors import EnvironmentFaultError, UsageError
from checker.files import Tree, digests
from checker.grading.gradebook import Gradebook, Judged
from checker.grading.model import (
    Cell,
    Finding,
    FindingKind,
    Intake,
    Receipt,
    Row,
    Standing,
    State,
    Student,
    TaskLine,
    TopicLine,
)
from checker.grading.tables import (
    VERSION,
    AnswerRow,
    Base,
    BlobRow,
    FileRow,
    FindingRow,
    ResultRow,
    Setting,
    StudentRow,
    SubmissionRow,
    TopicRow,
)
from checker.kinds import Verdict
from checker.report import TopicReport

FILE = "results.sqlite3"
BUSY_SECONDS = 30
_WRITES = "checker_writes"


@dataclass(frozen=True, slots=True)
class Answer:
    """A topic that was handed in: `code` is the digest of its files, `due` names its result."""

    student: str
    topic: str
    code: str
    due: str


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """A topic of the manifest with the digest of what judges it."""

    topic: TopicLine
    suite: str


class Store(Closing):
    """Results of one class; several processes may read while one writes.

    Args:
        folder: holds the file; it is made by `create`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._engine = create_engine(
            f"sqlite:///{self.path}", connect_args={"timeout": BUSY_SECONDS}
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)

    @classmethod
    def create(cls, folder: Path, seed: int | None = None) -> Self:
        """Open the store of a folder, or make it with a seed of its own.

        Raises:
            UsageError: the folder holds something else, or another seed was used in it.
            EnvironmentFaultError: it cannot be written.
        """
        if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).exists():
            raise UsageError(
                f"{folder} holds other files.", "Name a new folder, or one that `grade` has made."
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentFaultError(
                f"{folder} cannot be made: {error.strerror}.", "Name another folder with --out."
            ) from error
        store = cls(folder)
        with store._writing() as session:
            Base.metadata.create_all(session.connection())
            _set_once(session, "version", str(VERSION))
            drawn = secrets.randbelow(1_000_000) if seed is None else seed
            _set_once(session, "seed", str(drawn))
        store._require_version()
        if seed is not None and seed != store.seed:
            raise UsageError(
                f"{folder} was graded with the seed {store.seed}.",
                "Leave --seed out, or grade into a new folder.",
            )
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store of a folder.

        Raises:
            UsageError: there is none.
        """
        folder = folder.parent if folder.name == FILE else folder
        if not (folder / FILE).is_file():
            raise UsageError(
                f"There are no results in {folder}.",
                "Name the folder that `checker grade SUBMISSIONS --out FOLDER` made.",
            )
        store = cls(folder)
        store._require_version()
        return store

    @property
    def seed(self) -> int:
        """Give the seed of the data that all students get."""
        return int(self.setting("seed") or 0)

    def setting(self, name: str) -> str | None:
        """Give a fact about the whole store."""
        with self._reading() as session:
            found = session.get(Setting, name)
            return found.value if found else None

    def choose(self, name: str, value: str) -> None:
        """Keep a fact about the whole store."""
        with self._writing() as session:
            session.merge(Setting(name, value))

    def receive(
        self, intake: Intake, manifest: Iterable[ManifestLine], answers: Iterable[Answer]
    ) -> None:
        """Replace what is known of the class by a new intake; results stay.

        Args:
            intake: students, submissions and findings.
            manifest: every topic that counts, in order.
            answers: of the submissions, for topics of the manifest.
        """
        with self._writing() as session:
            for table in (AnswerRow, SubmissionRow, FindingRow, StudentRow, TopicRow):
                session.execute(delete(table))
            session.add_all(_student_row(place, one) for place, one in enumerate(intake.students))
            session.flush()
            session.add_all(
                SubmissionRow(one.student, one.source, one.lms_id, one.submitted_at, one.late)
                for one in intake.submissions
            )
            session.add_all(
                FindingRow(one.student, one.topic, one.kind, one.message, one.refused)
                for one in intake.findings
            )
            for place, line in enumerate(manifest):
                tasks = [asdict(task) for task in line.topic.tasks]
                session.add(
                    TopicRow(line.topic.id, place, line.topic.title, line.suite, list(tasks))
                )
            trees = {
                (one.student, id): tree
                for one in intake.submissions
                for id, tree in one.topics.items()
            }
            known = set(session.scalars(select(FileRow.code).distinct()))
            blobs = set(session.scalars(select(BlobRow.digest)))
            for answer in answers:
                session.add(AnswerRow(answer.student, answer.topic, answer.code, answer.due))
                if answer.code not in known:
                    known.add(answer.code)
                    _keep(session, answer.code, trees[answer.student, answer.topic], blobs)

    def answers(self) -> list[Answer]:
        """List what was handed in, by student and topic in their order."""
        with self._reading() as session:
            rows = session.scalars(
                select(AnswerRow)
                .join(StudentRow, StudentRow.id == AnswerRow.student)
                .join(TopicRow, TopicRow.id == AnswerRow.topic)
                .order_by(StudentRow.place, TopicRow.place)
            )
            return [Answer(row.student, row.topic, row.code, row.due) for row in rows]

    def manifest(self) -> list[ManifestLine]:
        """List the topics that count, in order."""
        with self._reading() as session:
            return [
                ManifestLine(_topic_line(row), row.suite)
                for row in session.scalars(select(TopicRow).order_by(TopicRow.place))
            ]

    def judged(self) -> dict[tuple[str, int], Verdict]:
        """Give the verdict of each result by its name and repeat."""
        with self._reading() as session:
            rows = session.execute(select(ResultRow.name, ResultRow.repeat, ResultRow.verdict))
            return {(name, repeat): Verdict(verdict) for name, repeat, verdict in rows}

    def keep(self, answer: Answer, report: TopicReport, receipt: Receipt, tries: int = 1) -> None:
        """Keep a result; one of the same name and repeat is replaced if it was an `error`."""
        with self._writing() as session:
            same = session.scalar(
                select(ResultRow).where(
                    ResultRow.name == answer.due, ResultRow.repeat == receipt.repeat
                )
            )
            if same is not None:
                if same.verdict != Verdict.ERROR:
                    return
                tries += same.tries
                session.delete(same)
                session.flush()
            session.add(
                ResultRow(
                    name=answer.due,
                    repeat=receipt.repeat,
                    student=answer.student,
                    topic=answer.topic,
                    verdict=report.verdict,
                    earned={task.id: task.earned for task in report.tasks},
                    seconds=report.seconds,
                    judged_at=datetime.now(UTC),
                    tries=tries,
                    remarks=list(report.remarks),
                    receipt=receipt.data(),
                    report=zlib.compress(report.model_dump_json().encode()),
                )
            )

    def load(self, result: int) -> Judged:
        """Give report and receipt of a result.

        Raises:
            UsageError: there is no such result.
        """
        with self._reading() as session:
            row = session.get(ResultRow, result)
            if row is None:
                raise UsageError(f"There is no result {result}.", "Export again.")
            report = TopicReport.model_validate_json(zlib.decompress(row.report))
            return report, Receipt(**row.receipt)

    def tree(self, code: str) -> Tree:
        """Give the files of an answer by their digest."""
        with self._reading() as session:
            rows = session.execute(
                select(FileRow.path, BlobRow.data)
                .join(BlobRow, BlobRow.digest == FileRow.blob)
                .where(FileRow.code == code)
                .order_by(FileRow.path)
            )
            return {path: zlib.decompress(data) for path, data in rows}

    def gradebook(self) -> Gradebook:
        """Give the class with its verdicts as they are now."""
        with self._reading() as session:
            book = _read_book(session, self.load)
        book.check_sums()
        return book

    def _require_version(self) -> None:
        if self.setting("version") != str(VERSION):
            raise UsageError(
                f"{self.path} was written by another version of the checker.",
                "Grade into a new folder; this one is left as it is.",
            )

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self._explained(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        engine = self._engine.execution_options(**{_WRITES: True})
        with self._explained(), Session(engine) as session, session.begin():
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise EnvironmentFaultError(
                f"The results in {self.path} cannot be used: {error.orig}.",
                "Free disk space or end the other program that writes to it, and run again.",
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Leave transactions to us; let readers read while a result is written."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_once(session: Session, name: str, value: str) -> None:
    if session.get(Setting, name) is None:
        session.add(Setting(name, value))


def _student_row(place: int, one: Student) -> StudentRow:
    columns = dict(one.columns)
    return StudentRow(
        one.id, place, one.name, one.email, one.login, one.section, one.standing, columns
    )


def _topic_line(row: TopicRow) -> TopicLine:
    return TopicLine(row.id, row.title, tuple(TaskLine(**task) for task in row.tasks))


def _keep(session: Session, code: str, tree: Tree, blobs: set[str]) -> None:
    for path, digest in digests(tree).items():
        if digest not in blobs:
            blobs.add(digest)
            session.add(BlobRow(digest, zlib.compress(tree[path])))
        session.add(FileRow(code, path, digest))


def _read_book(session: Session, load: Callable[[int], Judged]) -> Gradebook:
    topics = tuple(
        _topic_line(row) for row in session.scalars(select(TopicRow).order_by(TopicRow.place))
    )
    answers = {
        (row.student, row.topic): row.due for row in session.scalars(select(AnswerRow)).all()
    }
    results: defaultdict[str, dict[int, ResultRow]] = defaultdict(dict)
    for result in session.scalars(select(ResultRow).order_by(ResultRow.repeat)):
        results[result.name][result.repeat] = result
    findings = [_finding(row) for row in session.scalars(select(FindingRow))]
    submissions = {row.student: row for row in session.scalars(select(SubmissionRow))}
    rows = []
    used: list[ResultRow] = []
    for student in session.scalars(select(StudentRow).order_by(StudentRow.place)):
        own = [finding for finding in findings if finding.student == student.id]
        cells = {}
        for topic in topics:
            due = answers.get((student.id, topic.id))
            found = results.get(due, {}) if due else {}
            used += [one for one in found.values() if one.verdict != Verdict.ERROR]
            cell = _cell(student.id, topic.id, due, found, own)
            cells[topic.id] = cell
            own += _findings_of(cell, found)
        handed_in = submissions.get(student.id)
        rows.append(
            Row(
                student=_student(student),
                cells=cells,
                source=handed_in.source if handed_in else None,
                submitted_at=handed_in.submitted_at if handed_in else None,
                late=handed_in.late if handed_in else None,
                lms_id=handed_in.lms_id if handed_in else "",
                findings=tuple(own),
            )
        )
    of_rows = [finding for row in rows for finding in row.findings]
    seed = session.get(Setting, "seed")
    return Gradebook(
        topics=topics,
        rows=tuple(rows),
        findings=(*(one for one in findings if one.student is None), *of_rows),
        sandbox=tuple(sorted({str(result.receipt["sandbox"]) for result in used})),
        trusted=all(bool(result.receipt["trusted"]) for result in used),
        seed=int(seed.value) if seed else 0,
        latest=max((result.judged_at for result in used), default=None),
        load=load,
    )


def _student(row: StudentRow) -> Student:
    standing = Standing(row.standing)
    return Student(row.id, row.name, row.email, row.login, row.section, standing, row.columns)


def _finding(row: FindingRow) -> Finding:
    return Finding(FindingKind(row.kind), row.message, row.student, row.topic, row.refused)


def _cell(
    student: str, topic: str, due: str | None, found: dict[int, ResultRow], findings: list[Finding]
) -> Cell:
    """Form the cell: the first repeat counts, the others tell whether it is flaky."""
    if due is None:
        refused = any(one.refused and one.topic in (topic, None) for one in findings)
        return Cell(student, topic, State.REFUSED if refused else State.ABSENT)
    result = found.get(0)
    if result is None:
        return Cell(student, topic, State.PENDING)
    verdict = Verdict(result.verdict)
    sure = [one for one in found.values() if one.verdict != Verdict.ERROR]
    return Cell(
        student=student,
        topic=topic,
        state=State.ERROR if verdict is Verdict.ERROR else State.JUDGED,
        verdict=verdict,
        earned={} if verdict is Verdict.ERROR else result.earned,
        seconds=result.seconds,
        judged_at=result.judged_at,
        result=result.id,
        flaky=len({(one.verdict, tuple(sorted(one.earned.items()))) for one in sure}) > 1,
    )


def _findings_of(cell: Cell, found: dict[int, ResultRow]) -> Iterator[Finding]:
    """Find what the results of a cell say beside the verdict."""
    if cell.flaky:
        said = ", ".join(f"{one.verdict} ({sum(one.earned.values())})" for one in found.values())
        message = f"The same code got different verdicts: {said}. The first one counts."
        yield Finding(FindingKind.FLAKY, message, cell.student, cell.topic)
    for remark in found[0].remarks if 0 in found else ():
        yield Finding(FindingKind.NETWORK, remark, cell.student, cell.topic)
