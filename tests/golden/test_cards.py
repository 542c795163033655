"""Each trouble that the diagnosis must explain, in a real lab: the card as the learner reads it."""

import pytest
from syrupy.assertion import SnapshotAssertion

from checker.render.plain import plain_card
from checker.report import Card, TopicReport, Verdict
from tests.golden.cases import ANSWERS, LAUNCHES, Broken
from tests.golden.conftest import JudgeBroken, without_times
from tests.golden.socket_cases import SOCKETS


def _name(broken: Broken) -> str:
    return broken.name


def _card(report: TopicReport, check: str) -> Card:
    cards = {one.id: one.card for task in report.tasks for one in task.checks}
    card = cards[check]
    assert card is not None
    return card


@pytest.mark.parametrize("topic", ["5.1.1", "5.1.3"])
def test_the_unbroken_lab_passes(topic: str, judge_broken: JudgeBroken) -> None:
    unbroken = Broken("nothing", find="app", replace="app", topic=topic)
    assert judge_broken(unbroken).verdict is Verdict.PASSED


@pytest.mark.parametrize("broken", [*ANSWERS, *SOCKETS], ids=_name)
def test_a_wrong_answer_is_explained(
    broken: Broken, judge_broken: JudgeBroken, cards: SnapshotAssertion
) -> None:
    report = judge_broken(broken)
    assert report.card is None
    assert without_times(plain_card(_card(report, broken.check))) == cards


@pytest.mark.parametrize("broken", LAUNCHES, ids=_name)
def test_a_lab_that_does_not_come_up_is_explained(
    broken: Broken, judge_broken: JudgeBroken, cards: SnapshotAssertion
) -> None:
    report = judge_broken(broken)
    assert report.card is not None
    assert report.verdict in {Verdict.BROKEN, Verdict.TIMEOUT}
    assert without_times(plain_card(report.card)) == cards
