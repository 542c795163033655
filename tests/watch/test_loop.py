"""The loop: at most one check running and one waiting, and every event answered."""

import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checker.catalog.model import Topic
from checker.errors import EnvironmentFaultError
from checker.files import Tree, read_tree
from checker.hints import GivenHint
from checker.report import TaskResult, TopicReport, Verdict
from checker.watch import loop
from checker.watch.events import Event, Judged, Key, Order, Wake
from checker.watch.keys import REDRAW
from checker.watch.loop import Loop
from checker.watch.outcome import Outcome


def topic(number: int) -> Topic:
    """Make a topic of the section that the tests use."""
    return Topic(f"5.1.{number}", f"t0{number}", f"Topic {number}", "", (), "5.1", "s01")


BOOKS, LOANS = topic(1), topic(2)


def report(of: Topic, verdict: Verdict, *passed: str) -> TopicReport:
    """Make a report in which the named tasks passed."""
    tasks = tuple(TaskResult(id=one, title=one, verdict=Verdict.PASSED, points=1) for one in passed)
    return TopicReport(
        topic=of.id, title=of.title, verdict=verdict, tasks=tasks, seed=1, seconds=0.1
    )


@dataclass
class FakeDesk:
    """A workspace of two topics whose progress is a dictionary."""

    root: Path
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    records: list[tuple[str, Tree]] = field(default_factory=list)
    notice: str | None = None
    unreadable: bool = False
    full: bool = False

    def topic_of(self, path: Path) -> Topic | None:
        """Read the topic off the folder."""
        return {"t01": BOOKS, "t02": LOANS}.get(path.parent.name)

    def read(self, topic: Topic) -> Tree:
        """Read the topic's folder."""
        if self.unreadable:
            raise EnvironmentFaultError("Cannot read it.", "Allow it.")
        return read_tree(self.root / topic.slug)

    def passed(self, topic: Topic) -> frozenset[str]:
        """Give what was recorded."""
        return self.known.get(topic.id, frozenset())

    def record(self, topic: Topic, report: TopicReport, tree: Tree) -> None:
        """Record passes and files."""
        if self.full:
            raise EnvironmentFaultError("The disk is full.", "Free some space.")
        done = {task.id for task in report.tasks if task.verdict is Verdict.PASSED}
        self.known[topic.id] = self.passed(topic) | done
        self.records.append((topic.id, tree))

    def following(self, topic: Topic) -> Topic | None:
        """Loans follow books."""
        return LOANS if topic is BOOKS else None

    def hint(self, topic: Topic, report: TopicReport | None) -> GivenHint:
        """Give one hint."""
        return GivenHint(f"hint for {topic.id} {report and report.verdict}", 1, 2)


@dataclass
class FakeScreen:
    """Keeps what it was told."""

    told: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def ready(self, topic: Topic, live: bool) -> None:
        """Keep it."""
        self.told.append(f"ready {topic.id} {live}")

    def checking(self, topic: Topic) -> None:
        """Keep it."""
        self.told.append(f"checking {topic.id}")

    def verdict(self, outcome: Outcome) -> None:
        """Keep it."""
        self.told.append(f"{outcome.topic.id} {outcome.report.verdict}")
        self.outcomes.append(outcome)

    def hint(self, topic: Topic, hint: GivenHint | None) -> None:
        """Keep it."""
        self.told.append(f"{topic.id} {hint and hint.text}")

    def task(self, topic: Topic, report: TopicReport | None) -> None:
        """Keep it."""
        self.told.append(f"task of {topic.id} {report and report.verdict}")

    def topics(self) -> None:
        """Keep it."""
        self.told.append("topics")

    def keys(self) -> None:
        """Keep it."""
        self.told.append("keys")

    def note(self, text: str) -> None:
        """Keep it."""
        self.told.append(text)

    def redraw(self) -> None:
        """Keep it."""
        self.told.append("redraw")


@dataclass
class Bench:
    """A loop whose orders a script answers; when the script is over, the learner quits."""

    desk: FakeDesk
    screen: FakeScreen
    orders: list[Order]
    run: Callable[..., None]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Build a loop; `run(step, step, ...)` takes one step after each order that is submitted."""
    for slug in ("t01", "t02"):
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "app.py").write_text("start")
    desk, screen, orders = FakeDesk(tmp_path), FakeScreen(), list[Order]()
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def run(*script: Callable[[Order], list[Event]]) -> None:
        steps = iter(script)

        def submit(order: Order) -> None:
            orders.append(order)
            for event in next(steps)(order):
                events.put(event)

        Loop(desk, screen, submit, events, live=True).run(BOOKS)

    return Bench(desk, screen, orders, run)


def save(path: Path, text: str) -> None:
    """Write a file so that its stamp is sure to change."""
    path.write_text(text)


def judged(order: Order, verdict: Verdict = Verdict.FAILED, *passed: str) -> Judged:
    """Answer an order."""
    return Judged(order, report(order.topic, verdict, *passed))


def test_the_topic_is_checked_at_once_and_then_the_watch_is_ready(bench: Bench) -> None:
    """The first verdict needs no save; `ready` comes after it."""
    bench.run(lambda order: [judged(order), Key("q")])
    assert bench.screen.told == ["checking 5.1.1", "5.1.1 failed", "ready 5.1.1 True"]


def test_a_save_in_another_topic_checks_that_topic(bench: Bench) -> None:
    """The learner may jump."""

    def first(order: Order) -> list[Event]:
        save(bench.desk.root / "t02" / "app.py", "changed")
        return [judged(order), Wake()]

    bench.run(first, lambda order: [judged(order), Key("q")])
    assert [order.topic.id for order in bench.orders] == ["5.1.1", "5.1.2"]


def test_several_saves_during_a_check_lead_to_one_more(bench: Bench) -> None:
    """Only the newest state is judged, once."""
    app = bench.desk.root / "t01" / "app.py"

    def first(order: Order) -> list[Event]:
        save(app, "second")
        return [Wake(), Wake(), Wake(), judged(order)]

    def second(order: Order) -> list[Event]:
        return [judged(order), Wake(), Key("q")]

    bench.run(first, second)
    assert [order.tree["app.py"] for order in bench.orders] == [b"start", b"second"]
    assert [tree["app.py"] for _, tree in bench.desk.records] == [b"start", b"second"]


def test_a_wake_without_a_change_checks_nothing(bench: Bench) -> None:
    """Events of other files, or of none, are passed over."""

    def first(order: Order) -> list[Event]:
        (bench.desk.root / "t01" / ".app.py.swp").write_text("swap")
        (bench.desk.root / "notes.txt").write_text("outside of any topic")
        return [judged(order), Wake(), Key("q")]

    bench.run(first)
    assert len(bench.orders) == 1


def test_a_missed_event_is_found_by_looking(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system is silent, the next look sees the save."""
    monkeypatch.setattr(loop, "LOOK_SECONDS", 0.01)

    def first(order: Order) -> list[Event]:
        save(bench.desk.root / "t01" / "app.py", "changed")
        return [judged(order)]

    bench.run(first, lambda order: [judged(order), Key("q")])
    assert len(bench.orders) == 2


def test_new_tasks_are_told_once(bench: Bench) -> None:
    """A task is new when it never passed before."""

    def first(order: Order) -> list[Event]:
        return [judged(order, Verdict.FAILED, "list"), Key("r")]

    bench.run(first, lambda order: [judged(order, Verdict.PASSED, "list", "find"), Key("q")])
    assert [outcome.new for outcome in bench.screen.outcomes] == [("list",), ("find",)]
    assert [outcome.following for outcome in bench.screen.outcomes] == [None, LOANS]


def test_n_goes_to_the_next_topic_after_a_pass(bench: Bench) -> None:
    """The key works once all tasks have passed."""

    def first(order: Order) -> list[Event]:
        return [judged(order, Verdict.PASSED, "list"), Key("n")]

    bench.run(first, lambda order: [judged(order, Verdict.PASSED), Key("n"), Key("q")])
    assert [order.topic.id for order in bench.orders] == ["5.1.1", "5.1.2"]
    assert bench.screen.told[-1] == "Every topic that is written so far is passed."


def test_n_before_a_pass_says_that_tasks_are_open(bench: Bench) -> None:
    """Nothing is skipped by accident."""
    bench.run(lambda order: [judged(order), Key("n"), Key("q")])
    assert bench.screen.told[-1].startswith("Some tasks are still open.")


def test_keys_ask_for_hint_list_and_help(bench: Bench) -> None:
    """Each key does what the help says; an unknown one does nothing."""
    keys = [Key(name) for name in ("h", "t", "l", "?", "x", REDRAW, "q")]
    bench.run(lambda order: [judged(order), *keys])
    assert bench.screen.told[-5:] == [
        "5.1.1 hint for 5.1.1 failed",
        "task of 5.1.1 failed",
        "topics",
        "keys",
        "redraw",
    ]


def test_quitting_does_not_wait_for_a_check(bench: Bench) -> None:
    """A hung lab does not hold the learner."""
    bench.run(lambda _: [Key("q")])
    assert bench.screen.told == ["checking 5.1.1"]


def test_a_file_that_is_being_filled_is_waited_for(bench: Bench) -> None:
    """An editor that empties the file before it writes does not get a verdict on nothing."""
    app = bench.desk.root / "t01" / "app.py"

    def first(order: Order) -> list[Event]:
        save(app, "")
        return [judged(order), Wake()]

    def sleep(_: float) -> None:
        save(app, "filled")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", sleep)
        bench.run(first, lambda order: [judged(order), Key("q")])
    assert bench.orders[-1].tree["app.py"] == b"filled"


def test_trouble_with_the_progress_file_is_said_and_the_watch_goes_on(bench: Bench) -> None:
    """A full disk costs the record, not the verdict."""
    bench.desk.full = True
    bench.run(lambda order: [judged(order), Key("q")])
    assert "5.1.1 failed" in bench.screen.told
    assert "The disk is full. Free some space." in bench.screen.told


def test_a_damaged_progress_file_is_told_once(bench: Bench) -> None:
    """After the first verdict, not after each."""
    bench.desk.notice = "It was damaged."

    def first(order: Order) -> list[Event]:
        return [judged(order), Key("r")]

    bench.run(first, lambda order: [judged(order), Key("q")])
    assert bench.screen.told.count("It was damaged.") == 1


def test_a_lab_that_cannot_be_read_is_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is submitted, and the next save gets its chance."""
    bench.desk.unreadable = True
    monkeypatch.setattr(Loop, "_step", lambda _: False)
    bench.run()
    assert bench.screen.told == ["Cannot read it. Allow it."]
