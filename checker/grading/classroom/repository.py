"""Judge the repository of one student, as its CI does, into a gradebook with one row."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from checker.catalog import Catalog, Topic
from checker.errors import EnvironmentFaultError, ExitCode, UsageError
from checker.files import Tree, read_tree
from checker.grading.gradebook import Gradebook
from checker.grading.judging import judge_topics, open_judge
from checker.grading.model import Intake, State, Student, Submission
from checker.grading.plan import Selection, find_conditions, make_plan
from checker.grading.run import keep
from checker.grading.store import Store
from checker.report import TopicReport
from checker.report.exits import EXIT_CODES


def find_topics(catalog: Catalog, folder: Path) -> tuple[Topic, ...]:
    """List the topics whose folder the repository has.

    Raises:
        UsageError: it has none.
    """
    found = tuple(topic for topic in catalog.written if _folder(folder, topic).is_dir())
    if not found:
        raise UsageError(
            f"There is no lab in {folder}.",
            "Run the command in the repository that `checker classroom init` made.",
        )
    return found


@contextmanager
def judged_repository(
    catalog: Catalog,
    folder: Path,
    topics: Sequence[Topic],
    *,
    student: str,
    seed: int | None = None,
    sandbox: str = "bare",
    tell: Callable[[TopicReport], object] = lambda _: None,
) -> Iterator[Gradebook]:
    """Judge the topics and give the gradebook, whose reports can be read inside of the context.

    Args:
        catalog: has the suites.
        folder: of the repository; it is read only.
        topics: what counts; those that are not there earn nothing.
        student: the id of the row.
        seed: of the data; random when absent.
        sandbox: bare or bubblewrap.
        tell: gets each report as soon as it is there.

    Raises:
        EnvironmentFaultError: a file cannot be read.
    """
    trees = {
        topic.id: _read(_folder(folder, topic))
        for topic in topics
        if _folder(folder, topic).is_dir()
    }
    intake = Intake((Student(student, student),), (Submission(student, folder.name, trees),))
    with (
        tempfile.TemporaryDirectory(prefix="checker-") as room,
        Store.create(Path(room) / "results", seed) as store,
    ):
        conditions = find_conditions(catalog, store.seed, sandbox)
        selection = Selection(frozenset(topic.id for topic in topics))
        plan = make_plan(catalog, intake, store, conditions, selection)
        store.receive(intake, plan.manifest, plan.answers)
        for work in plan.work:
            with open_judge(work, catalog) as judge:
                for result in judge_topics(work, judge, catalog):
                    keep(store, result)
                    tell(result.report)
        yield store.gradebook()


def book_exit_code(book: Gradebook) -> ExitCode:
    """Give the exit code of a gradebook: of the worst cell; a topic that is absent is failed."""
    codes = [
        EXIT_CODES[cell.verdict] if cell.verdict else ExitCode.FAILED
        for row in book.rows
        for cell in row.cells.values()
        if cell.state is not State.PENDING
    ]
    return max(codes, default=ExitCode.PASSED)


def _folder(root: Path, topic: Topic) -> Path:
    return root / topic.section_slug / topic.slug


def _read(folder: Path) -> Tree:
    try:
        return read_tree(folder)
    except OSError as error:
        raise EnvironmentFaultError(
            f"{error.filename or folder} cannot be read: {error.strerror}.",
            "Change its permissions and run the command again.",
        ) from error
