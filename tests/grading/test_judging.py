"""A unit of work done on this machine."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from checker.catalog import Catalog, Topic
from checker.errors import EnvironmentFaultError, UsageError
from checker.grading.judging import judge_topics, judge_work
from checker.grading.run import judge_here
from checker.grading.work import Result, WorkRefusedError, unpack_results
from checker.judge.client import Judge
from checker.report import TopicReport, Verdict
from tests.grading.orders import LIMITS, order, outline, solved, untouched

pytestmark = pytest.mark.usefixtures("tiny")


class MoodyJudge(Judge):
    """Does what it is told: raises an error, or gives a verdict on tasks unasked."""

    def __init__(self, *moods: Verdict | Exception) -> None:
        super().__init__(Catalog())
        self.moods = list(moods)
        self.closed = 0
        self.seen: list[Sequence[str]] = []

    def start(self) -> None:
        """Start nothing."""

    def check(
        self,
        topic: Topic,
        folder: Path,
        seed: int | None = None,
        env: dict[str, str] | None = None,
    ) -> TopicReport:
        """Note what is in the folder and follow the next mood."""
        assert not env
        self.seen.append(sorted(path.name for path in folder.iterdir()))
        mood = self.moods.pop(0)
        if isinstance(mood, Exception):
            raise mood
        return TopicReport(
            topic=topic.id, title=topic.title, verdict=mood, tasks=(), seed=seed or 0, seconds=0.1
        )

    def close(self) -> None:
        """Count."""
        self.closed += 1


def done(judge: Judge, name: str = "app.py") -> Result:
    """Let a judge do a piece of work of one topic."""
    work = order("ada", ("5.1.1", {name: b"app = 1\n"}))
    return next(judge_topics(work, judge, Catalog()))


def test_work_is_judged_and_each_result_told_at_once() -> None:
    told: list[Result] = []
    work = order("ada", solved("5.1.1"), untouched("5.1.2"), repeats=(0, 1))
    results = unpack_results(
        judge_work(work.to_bytes(), lambda data: told.append(Result.from_bytes(data)))
    )
    assert told == results
    assert [(one.topic, one.receipt.repeat) for one in results] == [
        ("5.1.1", 0), ("5.1.1", 1), ("5.1.2", 0), ("5.1.2", 1)
    ]  # fmt: skip
    verdicts = [one.report.verdict for one in results]
    assert verdicts == [Verdict.PASSED, Verdict.PASSED, Verdict.FAILED, Verdict.FAILED]
    receipt = results[0].receipt
    assert (receipt.seed, receipt.sandbox, receipt.trusted) == (7, "no sandbox", False)
    assert receipt.suite == Catalog().digest(Catalog().find("5.1.1"))
    assert receipt.limits == {**LIMITS, "topic": 30.0, "test": 6.0, "startup": 5.0, "request": 2.0}
    assert receipt.versions["fastapi"]


def test_threads_judge_side_by_side() -> None:
    works = [order(name, solved("5.1.1")) for name in ("ada", "ben")]
    with ThreadPoolExecutor(2) as pool:
        results = [unpack_results(one) for one in pool.map(judge_work, map(_bytes, works))]
    alone = [unpack_results(judge_work(work.to_bytes())) for work in works]
    assert [outline(one) for one in results] == [outline(one) for one in alone]


def _bytes(work: object) -> bytes:
    data = work.to_bytes()  # type: ignore[attr-defined]
    assert isinstance(data, bytes)
    return data


def test_an_error_is_tried_again_with_a_fresh_judge() -> None:
    judge = MoodyJudge(Verdict.ERROR, EnvironmentFaultError("It died.", "Wait."), Verdict.PASSED)
    result = done(judge)
    assert (result.report.verdict, result.tries, judge.closed) == (Verdict.PASSED, 3, 2)
    assert judge.seen == [["app.py"]] * 3


def test_an_error_that_stays_is_reported_with_its_cause() -> None:
    judge = MoodyJudge(*(EnvironmentFaultError("It died.", "Wait.") for _ in range(3)))
    result = done(judge)
    assert (result.report.verdict, result.report.earned, result.tries) == (Verdict.ERROR, 0, 3)
    assert result.report.card is not None
    assert "It died." in str(result.report.card)
    assert {task.verdict for task in result.report.tasks} == {Verdict.ERROR}


def test_files_that_cannot_be_written_are_an_error_of_ours() -> None:
    result = done(MoodyJudge(), "x" * 300)
    assert result.report.verdict is Verdict.ERROR
    assert "cannot be written here" in str(result.report.card)


def test_other_rules_are_refused() -> None:
    work = replace(order("ada", solved("5.1.1")), curriculum="another")
    with pytest.raises(WorkRefusedError, match="other lessons, suites or code"):
        judge_work(work.to_bytes())


def test_a_topic_that_does_not_exist_is_refused() -> None:
    work = order("ada", solved("5.1.1"))
    odd = replace(work, topics=(replace(work.topics[0], topic="5.9.9"),))
    with pytest.raises(UsageError, match=r"no topic '5\.9\.9'"):
        next(judge_topics(odd, MoodyJudge(), Catalog()))


def test_what_is_said_after_a_stop_is_no_verdict() -> None:
    stopped = Event()
    stopped.set()
    judge = MoodyJudge(EnvironmentFaultError("It was stopped.", ""), Verdict.PASSED)
    work = order("ada", ("5.1.1", {}), ("5.1.2", {}))
    assert list(judge_topics(work, judge, Catalog(), stopped)) == []
    assert (len(judge.seen), judge.closed) == (1, 0)


@pytest.mark.parametrize(
    "cores, jobs, works, shares",
    [
        (2, 2, 16, [[0], [1]]),
        (2, 2, 15, [[], []]),
        (2, 3, 24, [[0], [0], [1]]),
        (4, 2, 40, [[0, 2], [1, 3]]),
        (1, 1, 9, [[0]]),
    ],
)
def test_jobs_of_a_long_run_have_processors_of_their_own(
    monkeypatch: pytest.MonkeyPatch, cores: int, jobs: int, works: int, shares: list[list[int]]
) -> None:
    monkeypatch.setattr("checker.grading.run.usable", lambda: list(range(cores)))
    found: list[list[int]] = []

    def open_judge(processors: Collection[int]) -> Judge:
        found.append(list(processors))
        return MoodyJudge(*[Verdict.PASSED] * works)

    todo = [order(f"s{number}", solved("5.1.1")) for number in range(works)]
    assert len(list(judge_here(todo, Catalog(), open_judge, jobs))) == works
    assert sorted(found) == shares
