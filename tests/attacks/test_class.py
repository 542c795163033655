"""A class in which every attack sits among honest students: no row suffers for another."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.files import read_tree, write_tree
from checker.grading.gradebook import Gradebook
from checker.grading.model import FindingKind
from checker.grading.session import GradeOrder, GradeSession
from checker.kinds import Verdict
from checker.sandbox import bubblewrap_available
from tests.attacks.conftest import LIMITS
from tests.attacks.corpus import Attack, read_corpus
from tests.attacks.parcels import LAB, PARCELS, Parcel
from tests.services.conftest import descendants

ATTACKED, ANOTHER = "5.1.2", "5.1.3"
HONEST = 6

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("attacks")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for submissions and results."""
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def before() -> set[int]:
    """Give the processes that other tests have left to their ends."""
    return set(descendants(os.getpid()))


@pytest.fixture(scope="module")
def alone(attacked: Catalog, place: Path) -> Iterator[Gradebook]:
    """Grade the honest students by themselves."""
    yield from _graded(attacked, _hand_in_honest(attacked, place / "alone"), place / "before")


@pytest.fixture(scope="module")
def among(attacked: Catalog, place: Path, before: set[int]) -> Iterator[Gradebook]:
    """Grade the honest students with every attack around them."""
    assert before is not None
    folder = _hand_in_honest(attacked, place / "among")
    rooms = attacked.rooms(attacked.find(ATTACKED))
    solution = read_tree(rooms.solution)
    another = read_tree(attacked.rooms(attacked.find(ANOTHER)).solution)
    for attack in read_corpus():
        write_tree(attack.tree(rooms.solution, rooms.lab), folder / attack.name / LAB)
        write_tree(another, folder / attack.name / attacked.find(ANOTHER).address)
    for parcel in PARCELS:
        parcel.hand_in(folder, parcel.name, solution)
    yield from _graded(attacked, folder, place / "after")


def _hand_in_honest(catalog: Catalog, folder: Path) -> Path:
    """Let some students solve both topics, some one, and some leave a lab as it was."""
    for number in range(HONEST):
        for index, name in enumerate((ATTACKED, ANOTHER)):
            topic = catalog.find(name)
            rooms = catalog.rooms(topic)
            tree = read_tree(rooms.lab if number % 3 == index else rooms.solution)
            write_tree(tree, folder / f"honest_{number}" / topic.address)
    return folder


def _graded(catalog: Catalog, folder: Path, out: Path) -> Iterator[Gradebook]:
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    order = GradeOrder(folder, out, topics=(ATTACKED, ANOTHER), seed=7, jobs=2)
    with GradeSession(order, catalog, LIMITS) as session:
        with _temporary_files_watched():
            session.run(lambda _: None)
        yield session.store.gradebook()


@contextmanager
def _temporary_files_watched() -> Iterator[None]:
    """Let temporary files lie in a folder of their own, and prove that none is left there."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o1777)
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", None)
        yield
        assert not os.listdir(folder)  # noqa: PTH208 - names are enough


def _told(book: Gradebook, student: str) -> list[tuple[object, ...]]:
    """Give what a row tells, less the times."""
    row = book.by_student[student]
    told: list[tuple[object, ...]] = []
    for cell in row.cells.values():
        report = book.report(cell)
        assert report is not None
        checks = [check for task in report.tasks for check in task.checks]
        told += [(one.id, one.verdict, one.card and one.card.headline) for one in checks]
        told.append((cell.verdict, cell.points))
    return told


def test_honest_rows_are_those_of_a_class_without_attacks(
    alone: Gradebook, among: Gradebook
) -> None:
    for number in range(HONEST):
        student = f"honest_{number}"
        assert _told(among, student) == _told(alone, student)


@pytest.mark.parametrize("attack", read_corpus(), ids=lambda attack: attack.name)
def test_attacks_get_their_own_verdict_and_their_other_topic_passes(
    among: Gradebook, attack: Attack
) -> None:
    row = among.by_student[attack.name]
    assert attack.allows(str(row.cells[ATTACKED].verdict))
    assert row.cells[ANOTHER].verdict is Verdict.PASSED
    told = [one.message for one in row.findings if one.kind is FindingKind.NETWORK]
    assert bool(told) == bool(attack.remark)
    assert attack.remark in "".join(told)


@pytest.mark.parametrize("parcel", PARCELS, ids=lambda parcel: parcel.numbers and parcel.does)
def test_parcels_are_taken_or_refused_with_a_reason(among: Gradebook, parcel: Parcel) -> None:
    row = among.by_student[parcel.name]
    cell = row.cells[ATTACKED]
    assert (cell.verdict or cell.state) == parcel.outcome
    kinds = [finding.kind for finding in row.findings]
    assert parcel.finding is None or parcel.finding in kinds


def test_nothing_is_left(among: Gradebook, before: set[int], place: Path) -> None:
    assert among.trusted
    assert not set(descendants(os.getpid())) - before
    assert not list(place.parent.rglob("*slipped*"))
    assert not Path("/tmp/slipped.py").exists()
