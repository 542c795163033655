"""All that is behind one verdict, and the verdict formed again from what is kept."""

import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from checker.catalog import Catalog
from checker.errors import CheckerError, NothingToDoError, UsageError
from checker.files import Tree, write_tree
from checker.grading.export.feedback import cards
from checker.grading.export.job import reason, state_word
from checker.grading.export.safe import clean_report
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, Finding, Receipt, Row, State, TopicLine
from checker.grading.store import Store
from checker.harmless import line
from checker.report import Card, TopicReport
from checker.sandbox.limits import HostLimits


@dataclass(frozen=True)
class Explanation:
    """One student's topic.

    Args:
        row: the student.
        topic: the line of the manifest.
        cell: the result in short.
        report: the whole verdict, made harmless for a terminal; None without one.
        receipt: what it hangs on.
        cards: every card, with the line above it.
        command: judges the same files again.
    """

    row: Row
    topic: TopicLine
    cell: Cell
    report: TopicReport | None
    receipt: Receipt | None
    cards: tuple[tuple[str, Card], ...]
    command: str

    @property
    def state(self) -> str:
        """Name what became of it."""
        return state_word(self.cell)

    @property
    def points(self) -> int | None:
        """Give the points earned; None while nothing was judged."""
        return self.cell.points if self.cell.state is State.JUDGED else None

    @property
    def reason(self) -> str:
        """Say why there is no verdict; empty if there is one."""
        return reason(self.row, self.cell)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give what is odd about this topic and about the whole submission."""
        return tuple(one for one in self.row.findings if one.topic in (self.topic.id, None))


def explain(book: Gradebook, row: Row, topic: TopicLine, folder: Path) -> Explanation:
    """Put together what is known of a student's topic; `folder` is the one of the store."""
    cell = row.cells[topic.id]
    report = book.report(cell)
    report = None if report is None else clean_report(report)
    words = ["checker", "explain", str(folder), row.student.id, topic.id, "--replay"]
    return Explanation(
        row=row,
        topic=topic,
        cell=cell,
        report=report,
        receipt=book.receipt(cell),
        cards=() if report is None else tuple(cards(report)),
        command=line(shlex.join(words)),
    )


def judged_files(store: Store, found: Explanation) -> Tree:
    """Give the files of an answer as they were judged, or as they wait to be.

    Raises:
        NothingToDoError: nothing was taken in.
        CheckerError: the store holds a path that leads elsewhere.
    """
    student, topic = found.row.student.id, found.topic.id
    code = found.receipt.code if found.receipt is not None else None
    code = code or next(
        (one.code for one in store.answers() if (one.student, one.topic) == (student, topic)), None
    )
    tree = store.tree(code) if code is not None else {}
    if not tree:
        raise NothingToDoError(
            f"There are no files of {line(found.row.student.name)} for {topic}: {found.state}.",
            found.reason or "Grade again; then they are kept.",
        )
    for path in tree:
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
            raise CheckerError(
                f"The store holds the path {path!r}, which leads elsewhere.",
                "It was changed by hand: grade into a new folder.",
            )
    return tree


def save_files(tree: Tree, folder: Path) -> None:
    """Write the files of an answer into a new or empty folder.

    Raises:
        UsageError: the folder holds something or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files.", "Name a new folder with --files.")
    try:
        write_tree(tree, folder)
    except OSError as error:
        raise UsageError(
            f"The files cannot be written to {folder}: {error.strerror}.", "Name another folder."
        ) from error


@dataclass(frozen=True, slots=True)
class Replay:
    """A verdict formed again: `notes` say what is not as it was then."""

    report: TopicReport
    same: bool
    notes: tuple[str, ...]


def replay(store: Store, found: Explanation, catalog: Catalog, *, bare: bool = False) -> Replay:
    """Judge the kept files again with the seed, the sandbox and the limits of the receipt.

    Args:
        store: has the files.
        found: the verdict to form again.
        catalog: has the suite.
        bare: whether code that was judged without a sandbox may run without one again.

    Raises:
        NothingToDoError: there is no verdict.
        UsageError: the verdict was formed without a sandbox, and `bare` does not allow that.
        EnvironmentFaultError: the judge or the sandbox does not come up.
    """
    from checker.judge.client import Judge

    if found.receipt is None or found.report is None:
        raise NothingToDoError(
            f"There is no verdict to form again: {found.state}.",
            found.reason or "Run `checker grade` again.",
        )
    if not found.receipt.trusted and not bare:
        raise UsageError(
            "This verdict was formed without a sandbox, and so it would run again.",
            "Add --no-sandbox if you trust the code, or read it with --files DIR.",
        )
    tree = judged_files(store, found)
    topic = catalog.find(found.topic.id)
    sandbox = "bubblewrap" if found.receipt.trusted else "bare"
    with tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True) as room:
        lab = Path(room) / "lab"
        write_tree(tree, lab)
        limits = HostLimits.read(found.receipt.limits)
        with Judge(catalog, sandbox=sandbox, limits=limits) as judge:
            report = clean_report(judge.check(topic, lab, found.receipt.seed))
    notes = tuple(_notes(found.receipt, report, catalog.digest(topic), catalog.version))
    return Replay(report, verdicts(report) == verdicts(found.report), notes)


def verdicts(report: TopicReport) -> dict[str, str]:
    """Give what a verdict consists of: that of the topic, and of each task."""
    return {"": report.verdict.value} | {task.id: task.verdict.value for task in report.tasks}


def _notes(then: Receipt, report: TopicReport, suite: str, version: str) -> list[str]:
    notes = []
    if then.suite != suite:
        notes.append("The suite has changed since.")
    if then.checker != version:
        notes.append(f"The checker is {version} now and was {then.checker}.")
    for name in sorted(then.versions.keys() | report.versions.keys()):
        before, now = then.versions.get(name), report.versions.get(name)
        if before != now:
            notes.append(f"{name} is {now or 'missing'} now and was {before or 'missing'}.")
    return notes
