"""A judge that answers as a test tells it, for what the commands do with a verdict."""

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from checker.catalog import Catalog, Topic
from checker.report import Card, CheckResult, Kind, TaskResult, TopicReport, Verdict
from checker.sandbox.limits import HostLimits


@dataclass
class FakeJudge:
    """Stands in for `Judge`; `passing` are the ids of the tasks that pass."""

    passing: set[str] = field(default_factory=set)
    verdict: Verdict | None = None
    error: Exception | None = None
    asked: list[tuple[str, Path, int | None]] = field(default_factory=list)
    sandboxes: list[str] = field(default_factory=list)
    catalog: Catalog | None = None

    def __call__(
        self, catalog: Catalog, sandbox: str = "bare", limits: HostLimits | None = None
    ) -> "FakeJudge":
        """Be made as a judge is."""
        self.catalog = catalog
        self.limits = limits
        self.sandboxes.append(sandbox)
        return self

    def __enter__(self) -> "FakeJudge":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End nothing."""

    def check(self, topic: Topic, folder: Path, seed: int | None = None) -> TopicReport:
        """Give the report that was asked for."""
        self.asked.append((topic.id, folder, seed))
        if self.error is not None:
            raise self.error
        assert self.catalog is not None
        tasks = tuple(self._task(task.id, task.title) for task in self.catalog.lesson(topic).tasks)
        passed = all(task.verdict is Verdict.PASSED for task in tasks)
        return TopicReport(
            topic=topic.id,
            title=topic.title,
            verdict=self.verdict or (Verdict.PASSED if passed else Verdict.FAILED),
            tasks=tasks,
            card=None if self.verdict is None else Card(kind=Kind.CHECKER, headline="No luck."),
            seed=7 if seed is None else seed,
            seconds=0.05,
        )

    def _task(self, name: str, title: str) -> TaskResult:
        verdict = Verdict.PASSED if name in self.passing else Verdict.FAILED
        card = Card(kind=Kind.NOT_FOUND, headline="No route of the app has the path.")
        check = CheckResult(
            id=name,
            title=f"Checks {name}.",
            verdict=verdict,
            card=None if verdict is Verdict.PASSED else card,
        )
        return TaskResult(id=name, title=title, verdict=verdict, points=1, checks=(check,))
