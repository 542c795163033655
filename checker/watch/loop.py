"""The loop itself: takes events, keeps at most one check running and one waiting."""

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from checker.catalog.model import Topic
from checker.errors import CheckerError
from checker.files import Tree
from checker.hints import GivenHint
from checker.report import TopicReport, Verdict
from checker.watch.events import Event, Judged, Key, Order, Wake
from checker.watch.files import Stamp, changes, scan, scan_again
from checker.watch.keys import QUIT, REDRAW
from checker.watch.outcome import Outcome, outcome_of

LOOK_SECONDS = 1.0
POLL_SECONDS = 0.25
FILL_SECONDS = 0.03


class Desk(Protocol):
    """What the loop needs to know of the learner's work."""

    @property
    def root(self) -> Path:
        """The workspace's folder."""

    @property
    def notice(self) -> str | None:
        """A sentence that the learner must read about the progress file, if there is one."""

    def topic_of(self, path: Path) -> Topic | None:
        """Tell to which topic a file of the workspace belongs."""

    def read(self, topic: Topic) -> Tree:
        """Read the files of a topic."""

    def passed(self, topic: Topic) -> frozenset[str]:
        """Give the tasks of a topic that have passed before."""

    def record(self, topic: Topic, report: TopicReport, tree: Tree) -> None:
        """Keep the verdict and the files that it judged."""

    def following(self, topic: Topic) -> Topic | None:
        """Give the next open topic after this one."""

    def hint(self, topic: Topic, report: TopicReport | None) -> GivenHint | None:
        """Give the next hint on what failed."""


class Screen(Protocol):
    """Where the loop shows what happens."""

    def ready(self, topic: Topic, live: bool) -> None:
        """Say that the watch is on: saves are seen from here on."""

    def checking(self, topic: Topic) -> None:
        """Say that a check has begun."""

    def verdict(self, outcome: Outcome) -> None:
        """Show how a check ended."""

    def hint(self, topic: Topic, hint: GivenHint | None) -> None:
        """Show a hint, or that there is none."""

    def task(self, topic: Topic, report: TopicReport | None) -> None:
        """Show what the first open task asks."""

    def topics(self) -> None:
        """Show the list of topics."""

    def keys(self) -> None:
        """Show what the keys do."""

    def note(self, text: str) -> None:
        """Say something small."""

    def redraw(self) -> None:
        """Draw anew what is shown."""


class Loop:
    """Watch one workspace.

    Args:
        desk: the learner's work.
        screen: shows what happens.
        submit: hands an order to the runner.
        events: the queue that all sources fill.
        live: whether the file system gives events; without, the files are looked at often.
        at_rest: called whenever an event has been dealt with and no check runs.

    """

    def __init__(
        self,
        desk: Desk,
        screen: Screen,
        submit: Callable[[Order], None],
        events: "queue.SimpleQueue[Event]",
        *,
        live: bool,
        at_rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._screen = screen
        self._submit = submit
        self._events = events
        self._live = live
        self._at_rest = at_rest
        self._stamps: dict[str, Stamp] = {}
        self._running: Topic | None = None
        self._waiting: tuple[Topic, float] | None = None
        self._outcome: Outcome | None = None
        self._announced = False

    def run(self, topic: Topic) -> None:
        """Check the topic once, then whatever is saved, until the learner quits."""
        self._stamps = scan(self._desk.root)
        self._topic = topic
        self._check(topic, time.perf_counter())
        while self._step():
            if self._running is None:
                self._at_rest()

    def _step(self) -> bool:
        try:
            event = self._events.get(timeout=LOOK_SECONDS if self._live else POLL_SECONDS)
        except queue.Empty:
            event = Wake()
        if isinstance(event, Key):
            return self._press(event.name)
        if isinstance(event, Judged):
            self._finish(event)
        else:
            self._look(event.paths)
        return True

    def _look(self, paths: frozenset[str] = frozenset()) -> None:
        """Compare the files with the last look and check the topic that was saved last."""
        seen = time.perf_counter()
        stamps = self._settled(paths)
        changed = changes(self._stamps, stamps)
        self._stamps = stamps
        for path in sorted(changed, key=lambda one: stamps.get(one, (0, 0, 0)), reverse=True):
            topic = self._desk.topic_of(Path(path))
            if topic is not None:
                self._check(topic, seen)
                return

    def _settled(self, paths: frozenset[str]) -> dict[str, Stamp]:
        """Look at the files, and again when one was just emptied: an editor is about to fill it."""
        stamps = scan_again(self._stamps, self._desk.root, paths)
        emptied = [
            path for path in changes(self._stamps, stamps) if stamps.get(path, (0, 1, 0))[1] == 0
        ]
        if emptied:
            time.sleep(FILL_SECONDS)
            stamps = scan(self._desk.root)
        return stamps

    def _check(self, topic: Topic, seen: float) -> None:
        """Judge now, or after the check that runs; of several saves only the newest counts."""
        self._topic = topic
        if self._running is not None:
            self._waiting = (topic, seen)
            return
        try:
            tree = self._desk.read(topic)
        except CheckerError as error:
            self._screen.note(f"{error.message} {error.remedy}")
            return
        self._running = topic
        self._submit(Order(topic, tree, seen))
        self._screen.checking(topic)

    def _finish(self, judged: Judged) -> None:
        order, self._running = judged.order, None
        waiting, self._waiting = self._waiting, None
        self._show(order, judged.report)
        if waiting is not None:
            self._check(*waiting)
        self._record(order, judged.report)
        if not self._announced:
            self._announced = True
            self._screen.ready(order.topic, self._live)

    def _show(self, order: Order, report: TopicReport) -> None:
        seconds = time.perf_counter() - order.seen
        self._outcome = outcome_of(self._desk, order.topic, report, seconds)
        self._screen.verdict(self._outcome)

    def _record(self, order: Order, report: TopicReport) -> None:
        """Keep the verdict; a full disk is said, and the watch goes on."""
        try:
            self._desk.record(order.topic, report, order.tree)
        except CheckerError as error:
            self._screen.note(f"{error.message} {error.remedy}")
        if not self._announced and self._desk.notice:
            self._screen.note(self._desk.notice)

    def _press(self, key: str) -> bool:
        """Do what a key asks for; False ends the watch."""
        if key == QUIT:
            return False
        if key == "r":
            self._look()
            if self._running is None:
                self._check(self._topic, time.perf_counter())
        elif key == "n":
            self._go_on()
        elif key == "h":
            report = self._outcome.report if self._outcome else None
            self._screen.hint(self._topic, self._desk.hint(self._topic, report))
        elif key == "t":
            self._screen.task(self._topic, self._outcome.report if self._outcome else None)
        elif key == "l":
            self._screen.topics()
        elif key == "?":
            self._screen.keys()
        elif key == REDRAW:
            self._screen.redraw()
        return True

    def _go_on(self) -> None:
        outcome = self._outcome
        if outcome is not None and outcome.following is not None:
            self._check(outcome.following, time.perf_counter())
        elif outcome is not None and outcome.report.verdict is Verdict.PASSED:
            self._screen.note("Every topic that is written so far is passed.")
        else:
            self._screen.note(
                "Some tasks are still open. `checker watch TOPIC` goes to another topic."
            )
