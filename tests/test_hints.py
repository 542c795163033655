"""A hint fits the failure seen, grows more concrete, and comes once."""

import pytest

from checker.catalog import Catalog, Hint, Task
from checker.hints import GivenHint, give_hint, next_hint
from checker.kinds import Kind, Verdict
from checker.report import Card, CheckResult, TaskResult, TopicReport
from checker.workspace import Workspace

TASKS = (
    Task(
        "list_books",
        "List",
        (),
        hints=(Hint("general 1"), Hint("lost", ("not_found",)), Hint("general 2")),
    ),
    Task(
        "find_book",
        "Find",
        (),
        hints=(Hint("typed", ("status", "body")), Hint("started", ("lifespan",))),
    ),
)


def report(kind: Kind, task: str | None = "list_books") -> TopicReport:
    """Make a verdict whose first card is of a kind, in a task or (None) of the whole lab."""
    card = Card(kind=kind, headline="No.")
    results = []
    for known in TASKS:
        verdict = Verdict.FAILED if known.id == task else Verdict.PASSED
        shown = card if known.id == task else None
        check = CheckResult(id="test_x", title="x", verdict=verdict, card=shown)
        results.append(
            TaskResult(id=known.id, title="x", verdict=verdict, points=1, checks=(check,))
        )
    return TopicReport(
        topic="5.1.1",
        title="x",
        verdict=Verdict.FAILED,
        tasks=tuple(results),
        card=None if task else card,
        seed=1,
        seconds=0,
    )


def walk(verdict: TopicReport | None, steps: int) -> list[GivenHint | None]:
    """Ask for hints one after the other."""
    shown: set[tuple[str, str]] = set()
    given = []
    for _ in range(steps):
        hint = next_hint(TASKS, verdict, shown)
        given.append(hint)
        if hint:
            shown.add((hint.task.id if hint.task else "", hint.text))
    return given


def texts(given: list[GivenHint | None]) -> list[str]:
    """Give the texts of hints."""
    return [hint.text for hint in given if hint]


def test_hints_for_the_failure_come_before_general_ones() -> None:
    given = walk(report(Kind.NOT_FOUND), 4)
    assert texts(given) == ["lost", "general 1", "general 2", "general 2"]
    assert [(hint.number, hint.total, hint.again) for hint in given if hint] == [
        (1, 3, False),
        (2, 3, False),
        (3, 3, False),
        (3, 3, True),
    ]


def test_hint_for_another_failure_is_never_given() -> None:
    assert texts(walk(report(Kind.SERVER_ERROR), 3)) == ["general 1", "general 2", "general 2"]
    assert walk(report(Kind.HEADER, "find_book"), 1) == [None]


def test_new_kind_of_failure_brings_its_own_hint() -> None:
    shown = {("list_books", "general 1"), ("list_books", "general 2")}
    hint = next_hint(TASKS, report(Kind.NOT_FOUND), shown)
    assert hint is not None
    assert (hint.text, hint.number, hint.total) == ("lost", 3, 3)


def test_without_a_verdict_the_first_task_has_general_hints() -> None:
    assert texts(walk(None, 2)) == ["general 1", "general 2"]


@pytest.mark.parametrize("task", [None, "list_books"])
def test_lab_that_does_not_load_gets_no_hint_of_a_task(task: str | None) -> None:
    given = walk(report(Kind.SYNTAX_ERROR, task), 2)
    assert "bracket" in texts(given)[1]
    assert [hint.task for hint in given if hint] == [None, None]


def test_task_that_expects_a_trouble_has_its_own_hint() -> None:
    assert texts(walk(report(Kind.LIFESPAN, "find_book"), 1)) == ["started"]


def test_each_trouble_of_the_whole_lab_has_a_hint_or_none() -> None:
    load = {
        Kind.SYNTAX_ERROR, Kind.ENCODING, Kind.EMPTY_FILE, Kind.IMPORT_ERROR, Kind.LOAD_ERROR,
        Kind.NO_APP, Kind.RENAMED_APP, Kind.APP_FACTORY, Kind.LIFESPAN, Kind.IMPORT_TIMEOUT,
        Kind.STARTUP_TIMEOUT, Kind.TOPIC_TIMEOUT,
    }  # fmt: skip
    assert {kind for kind in Kind if next_hint(TASKS, report(kind, None))} == load


def test_nothing_is_left_to_hint_at_when_all_passed() -> None:
    assert next_hint(TASKS, report(Kind.STATUS, "another")) is None


def test_hints_given_are_remembered(workspace: Workspace, catalog: Catalog) -> None:
    topic = catalog.find("5.1.1")
    progress = workspace.progress
    progress.record(report(Kind.NOT_FOUND), {}, "")
    given = [give_hint(catalog, progress, topic) for _ in range(4)]
    assert [hint.number for hint in given if hint] == [1, 2, 3, 3]
    assert given[0] is not None
    assert given[0].text.startswith("No route answers")
    assert [event.task for event in progress.events(topic.id)][:3] == ["list_books"] * 3
    assert len(progress.events(topic.id)) == 4
