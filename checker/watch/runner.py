"""Runs checks one after another beside the loop, and brings the judge back when it has died."""

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from checker.catalog.model import Topic
from checker.errors import CheckerError
from checker.report import Card, Kind, TopicReport, Verdict
from checker.watch.events import Judged, Order


class Checks(Protocol):
    """What the runner needs of a judge."""

    def start(self) -> None:
        """Begin to start the judge, without waiting."""

    def check(self, topic: Topic, folder: Path) -> TopicReport:
        """Judge the topic."""

    def close(self) -> None:
        """End the judge's processes."""


class Runner:
    """Judge orders in a thread; `done` is called there with each result.

    An exception of the judge becomes an `error` report, and the next order meets a new judge.
    """

    def __init__(
        self,
        make_judge: Callable[[], Checks],
        folder_of: Callable[[Topic], Path],
        done: Callable[[Judged], None],
    ) -> None:
        self._make_judge = make_judge
        self._folder_of = folder_of
        self._done = done
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._judge: Checks | None = None
        self._thread = threading.Thread(target=self._work, name="checks", daemon=True)

    def __enter__(self) -> "Runner":
        self._judge = self._make_judge()
        self._judge.start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._orders.put(None)
        self._drop_judge()

    def submit(self, order: Order) -> None:
        """Judge this order after those before it."""
        self._orders.put(order)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            self._done(Judged(order, self._check(order)))

    def _check(self, order: Order) -> TopicReport:
        try:
            if self._judge is None:
                self._judge = self._make_judge()
                self._judge.start()
            return self._judge.check(order.topic, self._folder_of(order.topic))
        except Exception as error:  # noqa: BLE001 - whatever the judge does, the watch goes on
            self._drop_judge()
            return fault_report(order.topic, error)

    def _drop_judge(self) -> None:
        judge, self._judge = self._judge, None
        if judge is not None:
            with contextlib.suppress(CheckerError, OSError):
                judge.close()


def fault_report(topic: Topic, error: Exception) -> TopicReport:
    """Make the `error` report of a check that the judge did not bring to an end."""
    told = isinstance(error, CheckerError)
    remedy = error.remedy if isinstance(error, CheckerError) and error.remedy else None
    card = Card(
        kind=Kind.CHECKER,
        headline=str(error) if told else "The judge stopped in the middle of the check.",
        why=("Your files are untouched; the judge is started again for the next check.",),
        next_step=remedy or "Save again, or press r; if it stays, run `checker doctor`.",
        detail=None if told else f"{type(error).__name__}: {error}",
    )
    return TopicReport(
        topic=topic.id,
        title=topic.title,
        verdict=Verdict.ERROR,
        tasks=(),
        card=card,
        seed=0,
        seconds=0.0,
    )
