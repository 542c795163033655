"""What intake finds and what exports read. Pure data: nothing here reads, judges or draws."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from checker.files import Tree
from checker.kinds import Verdict


class FindingKind(StrEnum):
    """What is odd about a submission, a student or a result.

    The first group says why something was refused; the second what a person should look at.
    """

    LINK = "link"
    ESCAPE = "escape"
    BOMB = "bomb"
    NESTED_ARCHIVE = "nested_archive"
    NAME_COLLISION = "name_collision"
    TOO_LARGE = "too_large"
    TOO_MANY_FILES = "too_many_files"
    UNREADABLE = "unreadable"
    SPECIAL_FILE = "special_file"

    NOTHING_FOUND = "nothing_found"
    UNKNOWN_STUDENT = "unknown_student"
    SUBMITTED_TWICE = "submitted_twice"
    MISSING = "missing"
    LATE = "late"
    LEFT_OUT = "left_out"
    UNKNOWN_FOLDER = "unknown_folder"
    TEST_SETTINGS = "test_settings"
    STARTUP_CODE = "startup_code"
    REQUIREMENTS = "requirements"
    RESULT_FILE = "result_file"
    FLAKY = "flaky"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence for the report.

    `refused` says that something was not judged because of it. `student` is None when it belongs
    to no row, `topic` when it belongs to the whole submission.
    """

    kind: FindingKind
    message: str
    student: str | None = None
    topic: str | None = None
    refused: bool = False

    def data(self) -> dict[str, object]:
        """Give it as JSON data."""
        return asdict(self)


class Standing(StrEnum):
    """How a student relates to the roster; without a roster everybody is `listed`."""

    LISTED = "listed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Student:
    """One row of the class.

    Args:
        id: names the student in this class: the roster's id, or what the submission is named by.
        name: to show; the id where none is known.
        email: empty when not known; so are `login` and `section`.
        standing: whether the roster has the student.
        columns: the other columns of the roster, as they were.
    """

    id: str
    name: str
    email: str = ""
    login: str = ""
    section: str = ""
    standing: Standing = Standing.LISTED
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in, read into memory; it can travel as bytes.

    Args:
        student: the id of the student.
        source: where it was found, relative to the folder of submissions.
        topics: the files of each topic that was found, by the topic's id.
        submitted_at: when, with its time zone; None when nothing says so.
        late: what the download says; None when it says nothing.
        lms_id: the number that Canvas or Moodle put into the name.
    """

    student: str
    source: str
    topics: Mapping[str, Tree]
    submitted_at: datetime | None = None
    late: bool | None = None
    lms_id: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that was read: every student of the class, at most one submission each, every oddity."""

    students: tuple[Student, ...]
    submissions: tuple[Submission, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the manifest."""

    id: str
    title: str
    points: int


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic of the manifest: what can be earned, from the catalog when it was judged."""

    id: str
    title: str
    tasks: tuple[TaskLine, ...]

    @property
    def points(self) -> int:
        """Points that the topic offers."""
        return sum(task.points for task in self.tasks)


class State(StrEnum):
    """How far the verdict on a topic has come."""

    JUDGED = "judged"
    ERROR = "error"
    """Our fault or the environment's: no points are given or taken yet; another run tries again."""
    PENDING = "pending"
    """It was handed in and waits to be judged."""
    ABSENT = "absent"
    """The submission has no such topic, or there is no submission."""
    REFUSED = "refused"
    """It was handed in and could not be taken; the findings say why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One student's topic. `earned` is by task id; tasks that are not in it earned nothing.

    `result` names the stored result, None without one; `flaky` says that repeats disagreed.
    """

    student: str
    topic: str
    state: State
    verdict: Verdict | None = None
    earned: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    judged_at: datetime | None = None
    result: int | None = None
    flaky: bool = False

    @property
    def points(self) -> int:
        """Points earned."""
        return sum(self.earned.values())


@dataclass(frozen=True, slots=True)
class Row:
    """One student: who, what was handed in, the verdict on each topic of the manifest."""

    student: Student
    cells: Mapping[str, Cell]
    source: str | None = None
    submitted_at: datetime | None = None
    late: bool | None = None
    lms_id: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def points(self) -> int:
        """Points earned over all topics, before any policy."""
        return sum(cell.points for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a result hangs on: enough to get it again.

    Args:
        code: digest of the files that were judged.
        suite: digest of suite and statements.
        seed: of the data.
        repeat: 0 for the verdict that counts, 1 and more for repeats.
        checker: version of the workbook.
        versions: of Python and of the packages that a verdict depends on.
        limits: seconds and sizes.
        sandbox: what stood around the submission's code, a few words.
        trusted: whether that is enough to run code that nobody trusts.
    """

    code: str
    suite: str
    seed: int
    repeat: int
    checker: str
    versions: Mapping[str, str]
    limits: Mapping[str, float]
    sandbox: str
    trusted: bool

    def data(self) -> dict[str, object]:
        """Give it as JSON data."""
        return {**asdict(self), "versions": dict(self.versions), "limits": dict(self.limits)}
