"""The card of a learner's test that fails on the correct app."""

import math
import re
from difflib import get_close_matches
from typing import cast

from checker.host.facts import Raised, Refused, TestFacts, TestFailure
from checker.judge.diagnosis.assertion import OPERATORS
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.exceptions import meaning_of
from checker.judge.diagnosis.harness import why_run
from checker.judge.diagnosis.learners_tests import named, spot_of, start_of
from checker.judge.diagnosis.server_error import calls, raised_words
from checker.judge.diagnosis.unprocessable import entry_words
from checker.judge.diagnosis.values import shorten
from checker.judge.exam_failures import TestFails, Work
from checker.report import Card, Kind

_CALLS = re.compile(r"^expected (?:call|await) not found\.\nExpected: (.*)\n +Actual: (.*)")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NOISE = re.compile(r" at 0x[0-9a-f]+| <(?:Task|Future) .*?>(?= got | attached )")


def explain_failing(case: Case, error: TestFails) -> Card:
    """Write the card of a test that fails on the correct app."""
    failure = error.failure
    if failure is None:
        where = start_of(error.work, error.test)
        return Card(kind=Kind.TEST_FAILS, headline=f"{named(error.test)} fails.", where=where)
    if "fixture" in failure:
        return _no_fixture(error.work, error.test, failure)
    expected, got = sides(failure)
    why, step = _reasons(case, error, failure)
    if "operator" in failure and (message := _message(failure["raised"])):
        why = (f'The `assert` says "{shorten(message, 200)}".', *why)
    within = f" (subtest {failure['subtest']})" if failure.get("subtest") else ""
    return Card(
        kind=Kind.TEST_FAILS,
        headline=f"{named(error.test)}{within} fails on the correct app.",
        expected=expected,
        got=got,
        started=(f"with the same app, written differently: {error.written}",)
        if error.written
        else (),
        where=spot_of(error.work, error.test, failure),
        why=why,
        next_step=step,
        detail=calls(failure["raised"]),
    )


def _reasons(case: Case, error: TestFails, failure: TestFailure) -> tuple[tuple[str, ...], str]:
    raised = failure["raised"]
    if error.written:
        why = "This app does the same as yours; the test looks at how an app is written."
        return (why,), "Assert what the app answers, not how it is made."
    if (refused := failure.get("refused")) and _came_as_a_surprise(failure):
        return _refused_reason(refused)
    explained = why_run(failure, error.work.files) or meaning_of(raised)
    if explained is not None:
        return (explained[0],), explained[1]
    if error.test["file"] not in {region.file for region in case.failure.regions}:
        why = "This test is given, and right; so is the app. What it uses is made by fixtures."
        return (why,), "Look at the fixtures that it asks for: what do they give it, and what not?"
    if "DID NOT RAISE" in raised["message"]:
        why = "The block under `pytest.raises` came to its end, and nothing was raised."
        return (why,), "Expect what the app does in this case."
    if _differ_as_floats(failure):
        why = "The two differ in the last digits only, as floats do after a calculation."
        return (why,), f"Compare with `pytest.approx({failure['right']})`."
    if raised["type"] == "AssertionError":
        why = "The app is the correct one here, so the test expects what is not so."
        return (why,), "Compare what the test expects with what the app promises."
    why = "The test ended with an exception before it could judge."
    return (why,), "Correct the line that is named, or what it calls."


def _message(raised: Raised) -> str | None:
    """Give what an `assert` says by itself: the words behind its comma."""
    message, _, rest = raised["message"].partition("\nassert ")
    return " ".join(message.split()) if rest and not message.startswith("assert ") else None


def _came_as_a_surprise(failure: TestFailure) -> bool:
    """Tell whether a test took the 422, alone or among others, or its body for something else."""
    left, right = failure.get("left", ""), failure.get("right", "")
    compared = left.startswith("{'detail': [") or (
        re.fullmatch(r"[\[(]?(\d{3}, )*422\b.*", left) is not None and "422" not in right
    )
    return compared or failure["raised"]["type"] in {"KeyError", "TypeError", "IndexError"}


def _refused_reason(refused: Refused) -> tuple[tuple[str, ...], str]:
    """Tell what FastAPI found wrong with the last request of a test."""
    errors = [one for one in refused["errors"] if isinstance(one.get("loc"), list) and one["loc"]]
    words = "; ".join(map(entry_words, errors)) or "it could not be read"
    why = f"The app answered {refused['request']} with 422: {words}."
    of_body = any(cast("list[object]", one["loc"])[0] == "body" for one in errors)
    if of_body and refused["content_type"] == "application/x-www-form-urlencoded":
        why = f"{why} What `data=` sends is a form."
        return (why,), "Send the body with `json=`, which is what a model is read from."
    return (why,), "Send what the route asks for, or expect the 422."


def _differ_as_floats(failure: TestFailure) -> bool:
    if failure.get("operator") != "==":
        return False
    try:
        return math.isclose(float(failure["left"]), float(failure["right"]), rel_tol=1e-9)
    except ValueError:
        return False


def sides(failure: TestFailure) -> tuple[str | None, str]:
    """Give what the test expected and what came; of other exceptions only the latter."""
    raised = failure["raised"]
    if "operator" in failure:
        operator = failure["operator"]
        left, right = failure["left"], failure["right"]
        if operator in _MIRRORED and _stands_left(raised, left, operator):
            operator, left, right = _MIRRORED[operator], right, left
        words = {"==": "", "in": "in ", "not in": "not in "}.get(
            operator, OPERATORS.get(operator, operator) + " "
        )
        return words + shorten(_quiet(right), 300), shorten(_quiet(left), 300)
    if calls_differ := _CALLS.search(raised["message"]):
        return shorten(calls_differ[1], 300), shorten(calls_differ[2], 300)
    if raised["type"] == "AssertionError":
        return "a true value", shorten(" ".join(raised["message"].split()), 300) or "a false value"
    return None, raised_words({**raised, "message": _quiet(raised["message"]).partition("\n")[0]})


def _stands_left(raised: Raised, value: str, operator: str) -> bool:
    """Tell whether a comparison begins with the value that is expected, as `0 < count` does."""
    source = raised["frames"][-1]["source"] if raised["frames"] else ""
    return source.startswith(f"assert {value} {operator} ")


def _quiet(text: str) -> str:
    """Leave out what tells a reader nothing: addresses, and the insides of tasks and futures."""
    return _NOISE.sub("", text)


def _no_fixture(work: Work, test: TestFacts, failure: TestFailure) -> Card:
    name, names = failure["fixture"], failure.get("names", [])
    close = get_close_matches(name, names, 1)
    step = (
        f"Write `{close[0]}`, which there is."
        if close
        else f"Write a fixture `{name}`, in `conftest.py` or here."
    )
    return Card(
        kind=Kind.FIXTURE_MISSING,
        headline=f"{named(test)} asks for `{name}`, and there is no fixture of that name.",
        expected=f"a fixture {name}",
        got="no such fixture",
        where=start_of(work, test),
        why=("pytest takes each parameter of a test for the name of a fixture.",),
        next_step=step,
    )
