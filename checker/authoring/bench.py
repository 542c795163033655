"""Measure a verdict: pytest cold, `checker check` cold, and from save to verdict in the watch.

All three judge the same lab by the same questions and take turns, so that the machine's moods
hit each alike.
"""

import ast
import statistics
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from checker.authoring.runs import Bed, run_check, run_pytest, save_and_wait
from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.errors import CurriculumError
from checker.files import read_tree, write_tree
from checker.workspace import Workspace

TOPICS = ("5.1.2", "5.1.3", "5.1.4")
SAVES = 10
Tell = Callable[[str], None]


@dataclass(slots=True)
class Times:
    """Seconds of each run."""

    pytest: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    watch: list[float] = field(default_factory=list)

    def data(self) -> dict[str, float]:
        """Give medians, the slow tail of the watch, and ratios of medians: pytest over ours."""
        pytest, check = statistics.median(self.pytest), statistics.median(self.check)
        watch = statistics.median(self.watch)
        tail = statistics.quantiles(self.watch, n=20, method="inclusive")[-1]
        return {
            "cold_pytest_s": round(pytest, 4),
            "cold_check_s": round(check, 4),
            "watch_p50_s": round(watch, 4),
            "watch_p95_s": round(tail, 4),
            "ratio_cold": round(pytest / check, 2),
            "ratio_watch": round(pytest / watch, 2),
        }


@dataclass(frozen=True, slots=True)
class BenchResult:
    """The times of each topic by its id."""

    topics: dict[str, Times]

    def data(self) -> dict[str, object]:
        """Give the numbers over all topics, and below `topics` those of each."""
        every = Times()
        for times in self.topics.values():
            every.pytest += times.pytest
            every.check += times.check
            every.watch += times.watch
        detail = {topic: times.data() for topic, times in self.topics.items()}
        return {**every.data(), "rounds": len(every.pytest) // len(detail), "topics": detail}


def run_bench(
    catalog: Catalog, rounds: int, tell: Tell, topics: Iterable[str] = TOPICS
) -> BenchResult:
    """Measure each topic `rounds` times, after a first round that only warms the disk.

    Args:
        catalog: of a checkout.
        rounds: how many times each of the three is run; the watch gets ten saves a round.
        tell: gets a few words on each step.
        topics: ids of topics with a hand-written suite in tests/bench.

    Raises:
        CurriculumError: a hand-written suite does not ask what ours asks, or the lab fails one.
        EnvironmentFaultError: a process did not end well.
    """
    with tempfile.TemporaryDirectory(prefix="checker-bench-") as folder:
        workspace = Workspace(Path(folder) / "workspace", catalog)
        workspace.create()
        beds = [lay_bed(catalog, catalog.find(topic), workspace) for topic in topics]
        result = BenchResult({bed.topic.id: Times() for bed in beds})
        for number in range(rounds + 1):
            for bed in beds:
                tell(f"round {number} of {rounds}, {bed.topic.id}")
                times = result.topics[bed.topic.id] if number else Times()
                times.pytest.append(run_pytest(bed))
                times.check.append(run_check(bed))
                times.watch += save_and_wait(bed, SAVES)
    return result


def lay_bed(catalog: Catalog, topic: Topic, workspace: Workspace) -> Bed:
    """Put the solution into a workspace and prove that both suites ask the same."""
    suite = hand_written_suite(catalog, topic)
    ours = {check.id for task in catalog.lesson(topic).tasks for check in task.checks}
    theirs = test_names(suite)
    if ours != theirs:
        names = ", ".join(sorted(ours ^ theirs))
        raise CurriculumError(
            f"The hand-written suite of {topic.id} and ours do not ask the same: {names}.",
            f"Give tests/bench/{topic.slug} one test for each check, of the same name.",
        )
    lab = workspace.folder(topic)
    write_tree(read_tree(catalog.rooms(topic).solution), lab)
    return Bed(catalog, topic, suite, workspace.root, lab)


def hand_written_suite(catalog: Catalog, topic: Topic) -> Path:
    """Name the TestClient suite of a topic."""
    return catalog.layout.content / "tests" / "bench" / f"test_{topic.slug}.py"


def test_names(suite: Path) -> set[str]:
    """List the test functions of a hand-written suite; none if it does not exist."""
    if not suite.exists():
        return set()
    tree = ast.parse(suite.read_bytes())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {function.name for function in functions if function.name.startswith("test_")}
