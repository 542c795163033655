"""Measure grading against cold `python -m pytest` runs of the same labs.

Both answer the same questions with as many processes as there are cores, and take turns. Figures of
different interpreters do not compare: see `checker/grading/README.md`.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from checker.authoring.bench import TOPICS, lay_bed
from checker.authoring.runs import Bed, run_pytest
from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.files import read_tree, write_tree
from checker.grading.session import GradeOrder, GradeSession
from checker.kinds import Verdict
from checker.processors import usable
from checker.workspace import Workspace

STUDENTS = 120  # a lecture: what starts once is a small part, as in the pytest runs
PYTEST_RUNS = 4
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class GradingBench:
    """Verdicts a second and core of each round."""

    cores: int
    sandbox: str
    grading: list[float] = field(default_factory=list)
    pytest: list[float] = field(default_factory=list)

    def data(self) -> dict[str, object]:
        """Give medians, and how many times as many verdicts grading forms."""
        grading, pytest = statistics.median(self.grading), statistics.median(self.pytest)
        return {
            "cores": self.cores,
            "sandbox": self.sandbox,
            "verdicts_a_second_and_core": round(grading, 2),
            "cold_pytest_a_second_and_core": round(pytest, 3),
            "ratio": round(grading / pytest, 1),
            "rounds": len(self.grading),
        }


def run_grading_bench(catalog: Catalog, rounds: int, tell: Tell) -> GradingBench:
    """Grade a class of solutions `rounds` times, each time into a new store.

    Args:
        catalog: of a checkout.
        rounds: how often each is measured, after a first round that only warms the disk.
        tell: gets a few words on each step.

    Raises:
        EnvironmentFaultError: there is no sandbox here, or a solution did not pass.
    """
    cores = len(usable())
    with tempfile.TemporaryDirectory(prefix="checker-bench-") as folder:
        place = Path(folder)
        workspace = Workspace(place / "workspace", catalog)
        workspace.create()
        beds = [lay_bed(catalog, catalog.find(topic), workspace) for topic in TOPICS]
        submissions = _hand_in(catalog, place / "class")
        result = GradingBench(cores, "bubblewrap")
        for number in range(rounds + 1):
            tell(f"round {number} of {rounds}, grading")
            graded = _grade(catalog, submissions, place / f"results-{number}", cores)
            tell(f"round {number} of {rounds}, pytest")
            tested = _test(beds, cores)
            if number:
                result.grading.append(graded)
                result.pytest.append(tested)
        return result


def _hand_in(catalog: Catalog, folder: Path) -> Path:
    """Let every student hand in solutions of their own: no two files are the same."""
    for number in range(STUDENTS):
        for name in TOPICS:
            topic = catalog.find(name)
            tree = read_tree(catalog.rooms(topic).solution)
            own = {
                path: content + f"\n# student {number}\n".encode()
                if path.endswith(".py")
                else content
                for path, content in tree.items()
            }
            write_tree(own, folder / f"student{number:03}" / topic.address)
    return folder


def _grade(catalog: Catalog, submissions: Path, out: Path, cores: int) -> float:
    """Give the verdicts a second and core, from the first order to the last result."""
    verdicts: list[Verdict] = []
    order = GradeOrder(submissions, out, topics=TOPICS, jobs=cores)
    with GradeSession(order, catalog) as session:
        begin = time.perf_counter()
        session.run(lambda result: verdicts.append(result.report.verdict))
        seconds = time.perf_counter() - begin
    if set(verdicts) != {Verdict.PASSED}:
        raise EnvironmentFaultError(
            f"Solutions were found {', '.join(sorted(set(verdicts)))}.",
            "The solution must pass: `checker author verify` helps.",
        )
    return len(verdicts) / seconds / cores


def _test(beds: list[Bed], cores: int) -> float:
    work = [bed for _ in range(PYTEST_RUNS) for bed in beds]
    begin = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(run_pytest, work))
    return len(work) / (time.perf_counter() - begin) / cores
