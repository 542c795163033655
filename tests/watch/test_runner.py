"""The runner: checks in a thread, and a judge that comes back."""

import queue
import threading
from pathlib import Path

import pytest

from checker.catalog.model import Topic
from checker.errors import EnvironmentFaultError
from checker.report import Kind, TopicReport, Verdict
from checker.watch.events import Judged, Order
from checker.watch.runner import Runner

TOPIC = Topic("5.1.1", "t01", "Books", "", (), "5.1", "s01")


class FakeJudge:
    """A judge that passes everything, or raises what it was made with."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.started = self.closed = False

    def start(self) -> None:
        """Note the start."""
        self.started = True

    def check(self, topic: Topic, folder: Path) -> TopicReport:
        """Pass or raise."""
        if self.error is not None:
            raise self.error
        return TopicReport(
            topic=topic.id,
            title=topic.title,
            verdict=Verdict.PASSED,
            tasks=(),
            seed=1,
            seconds=0.0,
            sandbox=folder.name,
        )

    def close(self) -> None:
        """Note the end."""
        self.closed = True


def judge_twice(*judges: FakeJudge) -> list[TopicReport]:
    """Run two orders with the judges given one after another."""
    results: queue.SimpleQueue[Judged] = queue.SimpleQueue()
    supply = iter(judges)
    found = []
    with Runner(lambda: next(supply), lambda topic: Path(topic.slug), results.put) as runner:
        for _ in range(2):
            runner.submit(Order(TOPIC, {}, 0.0))
            found.append(results.get(timeout=5).report)
    return found


def test_orders_are_judged_by_one_judge() -> None:
    """The judge is started once and closed at the end."""
    judge = FakeJudge()
    reports = judge_twice(judge)
    assert [report.verdict for report in reports] == [Verdict.PASSED, Verdict.PASSED]
    assert reports[0].sandbox == "t01"
    assert judge.started
    assert judge.closed


@pytest.mark.parametrize(
    "error,headline",
    [
        (RuntimeError("boom"), "The judge stopped in the middle of the check."),
        (EnvironmentFaultError("The judge ended.", "Run it again."), "The judge ended."),
    ],
)
def test_a_dead_judge_is_replaced(error: Exception, headline: str) -> None:
    """Its check ends in an error verdict, the next one meets a new judge."""
    dead, fresh = FakeJudge(error), FakeJudge()
    first, second = judge_twice(dead, fresh)
    assert first.verdict is Verdict.ERROR
    assert first.card is not None
    assert (first.card.kind, first.card.headline) == (Kind.CHECKER, headline)
    assert second.verdict is Verdict.PASSED
    assert dead.closed


def test_leaving_does_not_wait_for_a_hung_check() -> None:
    """The judge is closed while it still works."""
    release = threading.Event()

    class Hung(FakeJudge):
        def check(self, topic: Topic, folder: Path) -> TopicReport:
            release.wait(10)
            return super().check(topic, folder)

        def close(self) -> None:
            release.set()
            super().close()

    hung = Hung()
    with Runner(lambda: hung, lambda topic: Path(topic.slug), lambda _: None) as runner:
        runner.submit(Order(TOPIC, {}, 0.0))
    assert release.is_set()
