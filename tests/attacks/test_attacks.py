"""Each attack is judged between honest labs: its own outcome is right, and no other changes."""

import time
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.files import read_tree, write_tree
from checker.judge.client import Judge
from checker.report import TopicReport
from tests.attacks.corpus import Attack, read_corpus
from tests.services.conftest import descendants

TOPIC = "5.1.2"
LONGEST_SECONDS = 25.0
MOST_MEMORY = 400 << 20
MOST_PROCESSES = 12  # of the sandbox in use and of the next one, with their nursery and suites
SEED = 7

Verdicts = list[tuple[str, str, str]]

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.fixture(scope="module")
def rooms(attacked: Catalog) -> tuple[Path, Path]:
    """Give the folders of solution and lab."""
    found = attacked.rooms(attacked.find(TOPIC))
    return found.solution, found.lab


@pytest.fixture(scope="module")
def partial(rooms: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hand in honest work that is right in part."""
    folder = tmp_path_factory.mktemp("partial")
    tree = read_tree(rooms[0])
    tree["app.py"] = tree["app.py"].replace(b"le=100", b"le=99").replace(b'"Location"', b'"Place"')
    write_tree(tree, folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(guard: Judge, attacked: Catalog, partial: Path) -> Verdicts:
    """Judge the honest work before any attack."""
    return told(honest(guard, attacked, partial))


def honest(guard: Judge, attacked: Catalog, partial: Path) -> TopicReport:
    guard.renew()
    return guard.check(attacked.find(TOPIC), partial, seed=SEED)


def told(report: TopicReport) -> Verdicts:
    """Give verdicts and cards, less the times in them."""
    assert not report.remarks
    return [
        (check.id, check.verdict, check.card.headline if check.card else "")
        for task in report.tasks
        for check in task.checks
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("attack", read_corpus(), ids=lambda attack: attack.name)
def test_attack_is_contained_and_its_neighbour_unchanged(
    attack: Attack,
    guard: Judge,
    attacked: Catalog,
    rooms: tuple[Path, Path],
    partial: Path,
    undisturbed: Verdicts,
    tmp_path: Path,
) -> None:
    write_tree(attack.tree(*rooms), tmp_path)
    guard.renew()
    began = time.monotonic()
    report = guard.check(attacked.find(TOPIC), tmp_path, seed=SEED)
    assert time.monotonic() - began < LONGEST_SECONDS
    text = report.model_dump_json()
    assert attack.allows(report.verdict), report.first_card()
    assert report.earned == (report.points if attack.points == "all" else 0)
    if report.verdict == attack.verdict:
        assert all(words in text for words in attack.says)
    for words in (*attack.never, "FOUND"):
        assert words not in text
    assert bool(report.remarks) == bool(attack.remark), report.remarks
    assert attack.remark in "".join(report.remarks)
    assert len(text) < 1_000_000
    if attack.verdict != "passed":
        assert report.first_card() is not None
    assert told(honest(guard, attacked, partial)) == undisturbed
    assert judges_memory(guard) < MOST_MEMORY


def judges_memory(guard: Judge) -> int:
    """Give the most memory that the judge's own process has used."""
    assert guard._process is not None
    status = Path(f"/proc/{guard._process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_nothing_is_left_after_all_of_them(guard: Judge, attacked: Catalog, partial: Path) -> None:
    """Two sandboxes and a nursery remain; no mount is seen outside; all goes with the judge."""
    honest(guard, attacked, partial)
    assert guard._process is not None
    judge = guard._process.pid
    below = descendants(judge)
    assert len(below) <= MOST_PROCESSES, below
    mounts = Path("/proc/self/mounts").read_text()
    assert not [line for line in mounts.splitlines() if "/checker-" in line]
    guard.close()
    assert not [pid for pid in (judge, *below) if Path("/proc", str(pid)).exists()]
    groups = Path("/sys/fs/cgroup").glob(f"**/checker-{judge}-*")
    assert not list(groups)
