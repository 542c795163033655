"""Try the rules in order and make the card safe to print."""

from collections.abc import Callable

from checker.harmless import clean
from checker.judge.diagnosis.aim import aim
from checker.judge.diagnosis.answer import (
    explain_body,
    explain_header,
    explain_not_json,
    explain_stumble,
)
from checker.judge.diagnosis.assertion import explain_assertion
from checker.judge.diagnosis.blocking import explain_blocking
from checker.judge.diagnosis.case import Case, Rule
from checker.judge.diagnosis.exam import explain_exam
from checker.judge.diagnosis.incidents import explain_incident
from checker.judge.diagnosis.launch import explain_launch
from checker.judge.diagnosis.sockets import explain_socket
from checker.judge.diagnosis.status import explain_status
from checker.judge.diagnosis.unawaited import mention_unawaited
from checker.judge.evidence import Failure, LaunchFailed
from checker.report import Card, Kind

# Causes before effects: no answer at all, the status, the time, then what the answer holds.
RULES: tuple[Rule, ...] = (
    explain_incident,
    explain_exam,
    explain_status,
    explain_blocking,
    explain_socket,
    explain_header,
    explain_not_json,
    explain_stumble,
    explain_body,
    explain_assertion,
)


def diagnose(failure: Failure) -> Card:
    """Explain a check that did not pass.

    A rule that trips over a strange value is passed over, so that it cannot hide the failure.
    """
    case = Case(failure)
    for rule in RULES:
        try:
            card = rule(case)
        except Exception:  # noqa: BLE001 - values of any kind come in here; the next rule has its turn
            continue
        if card is not None:
            return _safe(mention_unawaited(aim(card, case), case), failure)
    return _safe(
        Card(kind=Kind.ASSERTION, headline=failure.message or failure.check.title), failure
    )


def diagnose_launch(failed: LaunchFailed) -> Card:
    """Explain a lab that did not come up."""
    return _safe(explain_launch(failed), None)


def _safe(card: Card, failure: Failure | None) -> Card:
    redact = failure.redact if failure else str
    return Card.model_validate(_each_text(card.model_dump(), lambda text: clean(redact(text))))


def _each_text(value: object, change: Callable[[str], str]) -> object:
    """Change every text in a tree of plain values, names of kinds excepted."""
    match value:
        case Kind():
            return value
        case str():
            return change(value)
        case dict():
            return {key: _each_text(one, change) for key, one in value.items()}
        case list() | tuple():
            return tuple(_each_text(one, change) for one in value)
    return value
