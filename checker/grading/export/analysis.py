"""What the class page tells beyond the table: where the class stands and what needs a look."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median

from checker.grading.export.job import Job, reason, state_word
from checker.grading.model import Cell, FindingKind, Row, State, TopicLine
from checker.kinds import Verdict
from checker.report import TopicReport

MOST_CHECKS = 20
SLOWEST = 10
BINS = 10


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check and how many of those to whom it was put did not pass it."""

    topic: str
    task: str
    title: str
    failed: int
    asked: int

    @property
    def share(self) -> float:
        """Give the part that did not pass."""
        return self.failed / self.asked


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic over the class; `share` is the mean part of its points, None if none was judged."""

    topic: TopicLine
    share: float | None
    states: Counter[str]
    judged: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that a person should look at."""

    row: Row | None
    topic: str
    kind: str
    message: str
    rank: int


@dataclass(frozen=True)
class Analysis:
    """All of it, made by `analyse`."""

    topics: tuple[TopicSummary, ...]
    checks: tuple[CheckLine, ...]
    flags: tuple[Flag, ...]
    slowest: tuple[tuple[Row, Cell], ...]
    states: Counter[str]
    bins: tuple[int, ...]
    median: float | None
    seconds: float
    versions: tuple[str, ...]


def analyse(job: Job) -> Analysis:
    """Look at every result once."""
    rows, cells = job.book.rows, [one for row in job.book.rows for one in row.cells.values()]
    failures = _Failures()
    versions: Counter[str] = Counter()
    for one in cells:
        if one.result is None:
            continue
        report, receipt = job.book.load(one.result)
        if one.state is State.JUDGED:
            failures.add(report)
        packages = ", ".join(f"{name} {text}" for name, text in receipt.versions.items())
        versions[f"checker {receipt.checker}: {packages}"] += 1
    percents = [float(job.grades[row.student.id].percent) for row in rows]
    timed = [(row, one) for row in rows for one in row.cells.values() if one.result is not None]
    return Analysis(
        topics=tuple(_topic(job, topic) for topic in job.book.topics),
        checks=tuple(failures.worst()),
        flags=tuple(sorted(flags(job), key=lambda flag: flag.rank)),
        slowest=tuple(sorted(timed, key=lambda pair: -pair[1].seconds)[:SLOWEST]),
        states=Counter(one.state.value for one in cells),
        bins=_bins(percents),
        median=median(percents) if percents else None,
        seconds=sum(one.seconds for one in cells),
        versions=tuple(versions),
    )


class _Failures:
    """Count who passed which check."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, str, str]] = Counter()
        self._failed: Counter[tuple[str, str, str]] = Counter()
        self._titles: dict[tuple[str, str, str], tuple[str, str]] = {}

    def add(self, report: TopicReport) -> None:
        """Take in a report; what was never put to a lab does not count."""
        for task in report.tasks:
            for check in task.checks:
                key = (report.topic, task.id, check.id)
                self._titles[key] = (task.title, check.title)
                if check.verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.TIMEOUT):
                    self._asked[key] += 1
                    self._failed[key] += check.verdict is not Verdict.PASSED

    def worst(self) -> Iterator[CheckLine]:
        """Give the checks that most did not pass."""
        order = sorted(
            self._failed,
            key=lambda key: (-self._failed[key], -self._failed[key] / self._asked[key]),
        )
        for key in order[:MOST_CHECKS]:
            if self._failed[key]:
                task, title = self._titles[key]
                yield CheckLine(key[0], task, title, self._failed[key], self._asked[key])


def _topic(job: Job, topic: TopicLine) -> TopicSummary:
    cells = [row.cells[topic.id] for row in job.book.rows]
    judged = [one for one in cells if one.state is State.JUDGED]
    shares = [one.points / topic.points for one in judged] if topic.points else []
    seconds = [one.seconds for one in judged]
    return TopicSummary(
        topic=topic,
        share=mean(shares) if shares else None,
        states=Counter(state_word(one) for one in cells),
        judged=len(judged),
        seconds=median(seconds) if seconds else 0.0,
    )


def flags(job: Job) -> Iterator[Flag]:
    """Give what needs a look: errors and refusals, then flaky answers, then the rest."""
    for row in job.book.rows:
        by_kind: defaultdict[State, list[Cell]] = defaultdict(list)
        for one in row.cells.values():
            by_kind[one.state].append(one)
        for one in by_kind[State.ERROR]:
            yield Flag(row, one.topic, "error", reason(row, one), 0)
        if waiting := by_kind[State.PENDING]:
            topics = ", ".join(one.topic for one in waiting)
            yield Flag(row, topics, "pending", reason(row, waiting[0]), 2)
    for finding in job.book.findings:
        rank = 1 if finding.refused else 3 if finding.kind is FindingKind.FLAKY else 4
        owner = job.book.by_student.get(finding.student or "")
        kind = finding.kind.value.replace("_", " ")
        yield Flag(
            owner,
            finding.topic or "",
            f"refused: {kind}" if finding.refused else kind,
            finding.message,
            rank,
        )


def _bins(percents: list[float]) -> tuple[int, ...]:
    counts = [0] * BINS
    for one in percents:
        counts[min(int(one * BINS / 100), BINS - 1)] += 1
    return tuple(counts)
