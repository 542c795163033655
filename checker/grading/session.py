"""One call of `checker grade`: read the class, plan, judge, keep."""

import tempfile
from collections.abc import Callable, Collection, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from checker.catalog import Catalog
from checker.closing import Closing
from checker.errors import CheckerError, EnvironmentFaultError, UsageError
from checker.grading.executors import open_executor
from checker.grading.intake import read_roster, read_submissions
from checker.grading.plan import Plan, Selection, find_conditions, make_plan
from checker.grading.policy_file import SETTING, read_policy
from checker.grading.run import judge_elsewhere, judge_here, keep
from checker.grading.store import FILE, Store
from checker.grading.work import Result
from checker.judge.client import Judge
from checker.sandbox import bubblewrap_available
from checker.sandbox.limits import HostLimits


@dataclass(frozen=True, slots=True)
class GradeOrder:
    """What is asked of a run.

    Args:
        submissions: a folder or an archive.
        out: the folder of the results.
        roster: a CSV of the class.
        topics: names of topics and sections; none takes those that counted before, at first all.
        students: ids or names; none takes all.
        since: only what was handed in then or later.
        repeats: how often each answer is judged.
        jobs: submissions at once.
        seed: of the data; drawn once for a folder of results.
        policy: a TOML file.
        executor: address of another executor; this machine without one.
        sandbox: bubblewrap or bare.
        dry_run: read and plan only; nothing is written.
    """

    submissions: Path
    out: Path
    roster: Path | None = None
    topics: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    since: datetime | None = None
    repeats: int = 1
    jobs: int = 1
    seed: int | None = None
    policy: Path | None = None
    executor: str | None = None
    sandbox: str = "bubblewrap"
    dry_run: bool = False


class GradeSession(Closing):
    """A class that was read and planned.

    Args:
        order: what is asked.
        catalog: of the curriculum.
        limits: of each submission.

    Raises:
        UsageError: a name, file or folder of the order is wrong.
        EnvironmentFaultError: there is no sandbox here.
    """

    def __init__(
        self, order: GradeOrder, catalog: Catalog, limits: HostLimits | None = None
    ) -> None:
        self.order = order
        self.catalog = catalog
        self.limits = limits or HostLimits()
        self._stack = ExitStack()
        with ExitStack() as stack:
            _require_sandbox(order)
            roster = read_roster(order.roster) if order.roster else None
            policy = read_policy(order.policy)[1] if order.policy else None
            selection = _selection(order, catalog)
            self.store = stack.enter_context(self._open_store(stack))
            intake = read_submissions(order.submissions, catalog, roster, skip=(order.out,))
            conditions = find_conditions(catalog, self.store.seed, order.sandbox, self.limits)
            self.plan: Plan = make_plan(
                catalog, intake, self.store, conditions, selection, order.repeats
            )
            if not order.dry_run:
                self.store.receive(intake, self.plan.manifest, self.plan.answers)
                if policy is not None:
                    self.store.choose(SETTING, policy)
            self._stack = stack.pop_all()

    def run(self, tell: Callable[[Result], None]) -> None:
        """Judge what is left to do; each verdict is kept before `tell` gets it.

        Raises:
            EnvironmentFaultError: an executor did not do its work; what it did is kept.
        """
        faults: list[CheckerError] = []
        with ExitStack() as stack:
            results = self._judge(stack, faults.append)
            stack.callback(results.close)
            for result in results:
                keep(self.store, result)
                tell(result)
        if faults:
            raise faults[0]

    def _judge(
        self, stack: ExitStack, tell: Callable[[CheckerError], None]
    ) -> Generator[Result, None, None]:
        works = self.plan.work
        if not works or self.order.executor is None:
            return judge_here(works, self.catalog, self._open_judge, self.order.jobs)
        executor = stack.enter_context(open_executor(self.order.executor))
        return judge_elsewhere(works, executor, tell)

    def _open_judge(self, processors: Collection[int]) -> Judge:
        return Judge(
            self.catalog,
            self.order.sandbox,
            limits=self.limits,
            grading=True,
            processors=processors,
        )

    def _open_store(self, stack: ExitStack) -> Store:
        """Open the store; a dry run that finds none works with one that goes away."""
        out = self.order.out
        if not self.order.dry_run:
            return Store.create(out, self.order.seed)
        if (out / FILE).exists():
            return Store.open(out)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="checker-"))
        return Store.create(Path(folder), self.order.seed)

    def close(self) -> None:
        """Close the store."""
        self._stack.close()


def _require_sandbox(order: GradeOrder) -> None:
    if order.sandbox == "bare" or order.dry_run or order.executor is not None:
        return  # the workers of an executor look for themselves
    if reason := bubblewrap_available():
        raise EnvironmentFaultError(
            f"Submissions are only judged in a sandbox. {reason}",
            "With --no-sandbox they run as you, and every result says UNTRUSTED.",
        )


def _selection(order: GradeOrder, catalog: Catalog) -> Selection:
    """Find the topics that are named; of a section, those that are written."""
    topics = None
    if order.topics:
        places = [catalog.place(name) for name in order.topics]
        topics = frozenset(
            topic.id for place in places for topic in place if catalog.is_written(topic)
        )
        if not topics:
            raise UsageError(
                f"{', '.join(order.topics)} is not written yet.", "`checker list` shows what is."
            )
    since = order.since
    if since is not None and since.tzinfo is None:
        since = since.astimezone()
    return Selection(topics, frozenset(order.students) or None, since)
