"""Two gradings beside each other: who changes, by how much and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from checker.grading.compare import Comparison, Fate, Side, compare
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, Receipt, State, TaskLine
from checker.grading.policy_file import parse_policy
from checker.kinds import Verdict
from tests.grading.class_of import MOMENT, everything, large, report_of

LATE = "[late]\ndeadline = 2026-12-01T12:30:00Z\nper_day = 20\n"


def sides(old: Gradebook, new: Gradebook, before: str = "", after: str = "") -> Comparison:
    """Compare two classes with the texts of their policies."""
    return compare(Side(old, parse_policy(before)), Side(new, parse_policy(after)))


def with_cell(one: Gradebook, topic: str, change: Callable[[Cell], Cell]) -> Gradebook:
    """Give the class with another cell of Ada's."""
    ada = one.rows[0]
    cells = {**ada.cells, topic: change(ada.cells[topic])}
    return replace(one, rows=(replace(ada, cells=cells), *one.rows[1:]))


def judged_again(one: Gradebook, **receipt: Any) -> Gradebook:  # noqa: ANN401 - of several types
    """Let Ada pass 5.1.2, which she had failed, under another receipt."""
    topic = one.topics[1]
    old = one.receipt(one.rows[0].cells[topic.id])
    assert old is not None
    result = (report_of(topic, {}), replace(old, **receipt))
    earned = {task.id: task.points for task in topic.tasks}
    changed = with_cell(
        one, topic.id, lambda cell: replace(cell, verdict=Verdict.PASSED, earned=earned, result=999)
    )
    return replace(changed, load=lambda number: result if number == 999 else one.load(number))


def test_the_same_class_does_not_change() -> None:
    assert sides(everything(), everything()) == Comparison((), 13)
    assert sides(large(), large()).same == 30


@pytest.mark.parametrize(
    "receipt, why",
    [
        ({"code": "other"}, "the code changed"),
        ({"suite": "other"}, "the suite changed"),
        ({"seed": 8}, "seed: 8, was 7"),
        ({"checker": "1"}, "checker: 1, was 0"),
        ({"sandbox": "none", "trusted": False}, "sandbox: none, was bubblewrap; untrusted now"),
        ({"limits": {"topic": 60.0}}, "limit of topic: 60.0, was 30.0"),
        ({"versions": {"python": "3", "fastapi": "1"}}, "version of fastapi: 1, was none"),
        ({}, "the answer is flaky: repeats disagree"),
    ],
)
def test_the_reason_is_read_from_the_receipts(receipt: dict[str, Any], why: str) -> None:
    (change,) = sides(everything(), judged_again(everything(), **receipt)).changes
    (topic,) = change.topics
    assert (change.student, change.fate, change.difference) == ("ada", Fate.CHANGED, Decimal(3))
    assert (str(topic.before), str(topic.after)) == ("failed with 1", "passed with 4")
    assert "; ".join(topic.why) == why


def test_an_error_that_gets_a_verdict_is_named() -> None:
    one = judged_again(everything(), code="other")
    error = with_cell(
        everything(), "5.1.2", lambda cell: replace(cell, state=State.ERROR, earned={})
    )
    (change,) = sides(error, one).changes
    assert str(change.topics[0].before) == "error"
    assert change.topics[0].why == ("the code changed", "an error of ours has no verdict")
    flaky = with_cell(one, "5.1.2", lambda cell: replace(cell, flaky=True))
    (change,) = sides(everything(), flaky).changes
    assert change.topics[0].why == ("the code changed", "the answer is flaky: repeats disagree")


@pytest.mark.parametrize(
    "before, after, why",
    [
        (State.ABSENT, None, "it was handed in"),
        (None, State.ABSENT, "it is no longer handed in"),
        (State.REFUSED, None, "it is taken in now"),
        (None, State.REFUSED, "it is refused now"),
        (State.PENDING, None, "it was judged"),
        (None, State.PENDING, "it waits to be judged again"),
    ],
)
def test_states_without_a_receipt(before: State | None, after: State | None, why: str) -> None:
    def side(state: State | None) -> Gradebook:
        if state is None:
            return everything()
        return with_cell(everything(), "5.1.2", lambda cell: Cell("ada", cell.topic, state))

    (change,) = sides(side(before), side(after)).changes
    assert change.topics[0].why == (why,)


def test_students_come_and_go() -> None:
    one = everything()
    fewer = replace(one, rows=one.rows[1:])
    (left,) = sides(one, fewer).changes
    (new,) = sides(fewer, one).changes
    assert (left.fate, left.difference) == (Fate.LEFT, Decimal(-5))
    assert (new.fate, new.difference) == (Fate.NEW, Decimal(5))


def test_topics_come_and_go_and_offer_other_points() -> None:
    one = everything()
    rows = tuple(replace(r, cells={k: r.cells[k] for k in ("5.1.1", "5.1.2")}) for r in one.rows)
    fewer = replace(one, rows=rows, topics=one.topics[:2])
    found = sides(one, fewer)
    assert found.same == 0
    assert found.changes[0].topics[0].why == ("the topic was taken out",)
    assert found.changes[0].topics[0].after is None
    assert sides(fewer, one).changes[0].topics[0].why == ("the class did not have this topic",)
    richer = replace(one.topics[2], tasks=(*one.topics[2].tasks, TaskLine("more", "More", 2)))
    changed = sides(one, replace(one, topics=(*one.topics[:2], richer))).changes[0]
    assert changed.why == ("5.1.3 offers 6 points, was 4",)


def test_policy_and_lateness_are_reasons() -> None:
    one = everything()
    changes = sides(one, one, "", "[scale]\nto = 10\n").changes
    assert {change.why for change in changes} == {("the policy changed",)}
    late = replace(one.rows[0], submitted_at=MOMENT + timedelta(hours=1))
    (change,) = sides(one, replace(one, rows=(late, *one.rows[1:])), LATE, LATE).changes
    assert (change.difference, change.topics) == (Decimal(-1), ())
    assert change.why == ("it was handed in at another time",)


def test_receipts_are_compared_whole() -> None:
    """Whatever a receipt gains must be compared too."""
    known = {"code", "suite", "seed", "checker", "versions", "limits", "sandbox", "trusted"}
    assert set(Receipt.__dataclass_fields__) - known == {"repeat"}
