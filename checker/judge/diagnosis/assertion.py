"""Explain every other assertion: comparisons of all kinds, truth values, the suite's own words."""

from datetime import timedelta

from checker.harmless import clean
from checker.judge.diagnosis.blocking import duration
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.difference import find_difference, path_text
from checker.judge.diagnosis.parts import handler, request_card
from checker.judge.diagnosis.server_error import tail
from checker.judge.diagnosis.subject import Subject
from checker.judge.diagnosis.values import decode, join_words, show, show_pair, show_short, window
from checker.judge.diagnosis.wording import count, difference_words
from checker.judge.evidence import Comparison
from checker.report import Card, Kind

OPERATORS = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "!=": "anything but",
    "is": "exactly",
    "is not": "anything but",
}
OUTCOMES: dict[object, str] = {  # of a test, as an exam's run tells them
    "passed": "the test passes",
    "failed": "the test fails",
    "skipped": "the test is skipped",
    "xfailed": "the test fails, which it is marked to do",
    "not run": "the test is not run",
    None: "the test is not run",
}
SHORT = 80
SENTENCE_ENDS = (".", "!", "?", "…")


def explain_assertion(case: Case) -> Card:
    """Write the card that fits any failure: what was asked, both sides, the last request."""
    compared = case.comparison
    expected, got, headline = _sides(case, compared) if compared else (None, None, None)
    headline = case.failure.message or headline or case.failure.check.title
    kind = Kind.COMMAND if case.about in {"output", "code"} else Kind.ASSERTION
    if case.about in {"body", "text"} and compared is not None:
        kind = Kind.BODY
    step = "Read the task's statement once more, and compare it with what came."
    about_socket = case.socket if case.about in {"message", "close_code", "close_reason"} else None
    last = case.failure.exchanges[-1] if case.failure.exchanges else None
    exchange = about_socket or case.exchange or last
    headline = headline if headline.endswith(SENTENCE_ENDS) else headline + "."
    if exchange is None:
        return Card(kind=kind, headline=headline, expected=expected, got=got, next_step=step)
    if exchange.status is not None:
        step = f"Compare what {handler(case.facts(exchange))} does with the task's statement."
    if exchange.exit_code:
        kind = Kind.COMMAND
        step = "Read what the command says, below."
    return request_card(
        case,
        kind,
        exchange,
        headline,
        expected=expected,
        got=got,
        next_step=step,
        detail=tail(decode(exchange.response_body)) if exchange.exit_code else None,
    )


def _sides(case: Case, compared: Comparison) -> tuple[str, str, str | None]:
    name = _name(case.subject)
    outcomes = _outcome(compared.right), _outcome(compared.left)
    if compared.operator == "==" and not case.failure.exchanges and all(outcomes):
        return *outcomes, None
    if compared.operator == "in":
        return _inside(compared.left, compared.right, name)
    if compared.operator == "not in":
        return _not_inside(compared.left, compared.right, name)
    if compared.operator == "==":
        return _equal(case, compared, name)
    words = OPERATORS.get(compared.operator, compared.operator)
    if isinstance(compared.left, timedelta) or case.about == "duration":
        return f"{words} {duration(compared.right)}", duration(compared.left), None
    left, right = show_short(compared.left), show_short(compared.right)
    headline = (
        f"{name[:1].upper() + name[1:]} is {left}, and should be {words} {right}" if name else None
    )
    return f"{words} {right}", left, headline


def _outcome(value: object) -> str:
    """Say in words what became of a test, or of several; nothing if the value is something else."""
    several = value if isinstance(value, set | frozenset) else [value]
    words = [OUTCOMES.get(one) if isinstance(one, str | None) else None for one in several]
    return join_words(sorted(map(str, words)), "or") if all(words) else ""


def _equal(case: Case, compared: Comparison, name: str) -> tuple[str, str, str | None]:
    subject = case.subject
    root = f"{subject.name.rpartition(':')[2]}(...)" if subject and subject.about == "value" else ""
    found = find_difference(compared.left, compared.right)
    expected, got = show_pair(compared.right, compared.left)
    whole_is_short = not name and max(len(expected), len(got)) <= SHORT
    if found is not None and found.path and not whole_is_short:
        whole = f"{name[:1].upper() + name[1:]}" if name else "The value"
        headline, expected, got = difference_words(found, whole, root or "value")
        return expected, got, headline
    if subject and subject.counted and isinstance(compared.left, int):
        right = compared.right if isinstance(compared.right, int) else 0
        headline = f"{name[:1].upper() + name[1:]} is {compared.left} instead of {right}"
        return count(right, "entry"), count(compared.left, "entry"), headline
    if not name:
        return expected, got, None
    is_short = max(len(expected), len(got)) <= 40
    wrong = f"is {got} instead of {expected}" if is_short else "is not what the task asks for"
    return expected, got, f"{name[:1].upper() + name[1:]} {wrong}"


def _inside(needle: object, container: object, name: str) -> tuple[str, str, str | None]:
    what = show_short(needle, 80)
    headline = f"{name[:1].upper() + name[1:]} does not contain {what}" if name else None
    if isinstance(container, list | tuple | set | frozenset) and not name:
        return f"one of {show_short(container)}", what, None
    return f"contains {what}", _whole(container), headline


def _not_inside(needle: object, container: object, name: str) -> tuple[str, str, str | None]:
    what = show_short(needle, 80)
    headline = f"{name[:1].upper() + name[1:]} contains {what}, which it must not" if name else None
    if isinstance(needle, str) and isinstance(container, str):
        text = clean(container, keep="")
        at = max(text.find(needle), 0)
        return f"does not contain {what}", window(text, at, max(60, len(needle) + 20)), headline
    if isinstance(container, dict) and needle in container:
        return f"does not contain {what}", f"{what}: {show_short(container[needle])}", headline
    return f"does not contain {what}", _whole(container), headline


def _whole(container: object) -> str:
    if isinstance(container, str):
        return show_short(container, 300) if container else "an empty text"
    text = clean(show(container), keep="")
    return show_short(container, 300) if text not in {"[]", "{}", "set()"} else "nothing"


def _name(subject: Subject | None) -> str:
    """Name what was looked at, in the words of the learner's world."""
    if subject is None:
        return ""
    last = subject.path[-1] if subject.path else ""
    names = {
        "status": "the status",
        "header": f"the header `{last}`" if last else "the list of headers",
        "cookie": f"the cookie `{last}`" if last else "the list of cookies",
        "body": f"`{path_text(subject.path)}`" if subject.path else "the body",
        "text": "the body",
        "duration": "the time",
        "log": "the log",
        "sql": "the list of SQL statements",
        "value": f"what `{subject.name.rpartition(':')[2]}` returns",
        "file": f"the file `{subject.name}`",
        "output": "the output of the command",
        "code": "the exit code of the command",
        "message": f"`{path_text(subject.path, 'message')}`" if subject.path else "the message",
        "close_code": "the close code",
        "close_reason": "the reason of the close",
    }
    name = names.get(subject.about, "")
    return f"the number of entries in {name}" if subject.counted and name else name
