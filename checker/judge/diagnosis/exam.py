"""Explain what is wrong with tests that a learner wrote."""

import math
import re
from difflib import get_close_matches
from typing import cast

from checker.host.facts import Frame, Refused, TestFacts, TestFailure
from checker.judge.diagnosis.assertion import OPERATORS
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.ending import end_words
from checker.judge.diagnosis.exceptions import meaning_of
from checker.judge.diagnosis.harness import why_run
from checker.judge.diagnosis.launch import explain_launch
from checker.judge.diagnosis.parts import place
from checker.judge.diagnosis.server_error import calls, raised_words, tail
from checker.judge.diagnosis.tested import assertion_message, why_raised
from checker.judge.diagnosis.undiscovered import why_undiscovered, without_assertion
from checker.judge.diagnosis.unprocessable import entry_words
from checker.judge.diagnosis.values import join_words, shorten
from checker.judge.diagnosis.wording import count
from checker.judge.evidence import Ended, LaunchFailed
from checker.judge.exam_failures import (
    BugUnnoticed,
    NoTests,
    OrderMatters,
    TestFails,
    TestForbidden,
    TestsCut,
    TestsHung,
    TestsUnreadable,
    Work,
)
from checker.judge.trials import End
from checker.report import Card, Kind, Location, Verdict

_CORRECT = "Correct the line that is named, or what it calls."
USAGE = 4
_CALLS = re.compile(r"^expected (?:call|await) not found\.\nExpected: (.*)\n +Actual: (.*)")
_NOISE = re.compile(r" at 0x[0-9a-f]+| <(?:Task|Future) .*?>(?= got | attached )")


def explain_exam(case: Case) -> Card | None:
    """Write the card of an exam that the learner's tests did not pass."""
    match case.error:
        case TestsUnreadable():
            return _unreadable(case.error)
        case TestsHung():
            return _hung(case.error)
        case TestsCut():
            return _cut(case.error)
        case NoTests():
            return _no_tests(case, case.error)
        case TestFails():
            return _fails(case, case.error)
        case OrderMatters():
            return _order(case.error)
        case TestForbidden():
            return _forbidden(case.error)
        case BugUnnoticed():
            return _unnoticed(case, case.error)
    return None


def _short(test: str) -> str:
    return test.rpartition("::")[2]


def _named(test: TestFacts) -> str:
    return f"`{_short(test['id'])}`"


def _unreadable(error: TestsUnreadable) -> Card:
    raised = error.problem.get("raised")
    if raised is not None and raised["type"].endswith("CollectError"):
        return _uncollected(error.work, " ".join(raised["message"].split()))
    card = explain_launch(LaunchFailed(Verdict.BROKEN, problem=error.problem))
    if card.kind is not Kind.SYNTAX_ERROR:
        return card
    why = "Nothing of the file runs before all of it can be read, so pytest finds no test in it."
    return card.model_copy(update={"why": (why,)})


def _uncollected(work: Work, message: str) -> Card:
    """Explain that a file loads, and pytest makes no tests of it all the same."""
    twice = re.search(r"Test name: (\S+?)::(\S+) .*Duplicates: ([^ ,]+)", message)
    if twice is None:
        return Card(
            kind=Kind.TEST_RUN,
            headline=f"pytest makes no tests of a file: {shorten(message, 200)}",
            next_step="Correct what pytest names.",
        )
    file, test, name = twice.groups()
    lines = work.files.get(file, "").splitlines()
    found = [number for number, line in enumerate(lines, 1) if f"def {test}(" in line]
    return Card(
        kind=Kind.TEST_RUN,
        headline=f"Two rows of `{test}` make tests of the same name.",
        expected="rows that differ",
        got=f"{test}[{name}] more than once",
        where=Location(file=file, line=found[0], source=lines[found[0] - 1]) if found else None,
        why=("Who reads that one of them failed cannot tell which.",),
        next_step="Remove the row that stands twice, or name the rows with `ids=[...]`.",
    )


def _cut(error: TestsCut) -> Card:
    result = error.result
    running = result.tests.get(result.running)
    where = _start(error.work, running) if running else None
    if result.code == USAGE:
        where = _line_of(result.output)
        headline = "pytest did not start."
        why: tuple[str, ...] = ("Its settings or a plugin are in the way.",)
        step = "Read what pytest says below, and correct what it names."
    else:
        ended = Ended("", result.code, result.signal, result.output)
        words, why, step = end_words(ended)
        during = f" during {_named(running)}" if running else ""
        headline = f"The process of the tests ended{during}: {words}."
        if result.signal is None:
            why, step = ("pytest itself ends when all tests have run.",), "Remove what ends it."
    return Card(
        kind=Kind.TEST_RUN,
        headline=headline,
        expected="a run of all tests",
        got=f"exit code {result.code}" if result.signal is None else f"signal {result.signal}",
        where=where,
        why=why,
        next_step=step,
        detail=tail(result.output) if result.code == USAGE else None,
    )


def _line_of(output: str) -> Location | None:
    """Find the line of a settings file that pytest cannot read."""
    found = re.search(r"^ERROR: (\S+): .*\(at line (\d+)", output, re.MULTILINE)
    return Location(file=found[1], line=int(found[2])) if found else None


def _hung(error: TestsHung) -> Card:
    running = error.result.tests.get(error.result.running)
    if not running and error.result.code is None and error.result.outcomes:
        return _not_ended(error)
    who = _named(running) if running else "One of the tests"
    return Card(
        kind=Kind.TEST_RUN,
        headline=f"{who} did not come to an end: all tests together may take {error.seconds:g} s.",
        expected=f"an end within {error.seconds:g} s",
        got="no end",
        where=_start(error.work, running) if running else None,
        why=("It ran on the correct app when its time was over.",),
        next_step="Look in it for a loop without an end, a sleep, or a wait for what never comes.",
    )


def _not_ended(error: TestsHung) -> Card:
    return Card(
        kind=Kind.TEST_RUN,
        headline="The tests are over, and what they have started does not end.",
        expected=f"an end within {error.seconds:g} s",
        got="no end",
        why=("A fixture waits for something behind its `yield`, or has left a thread running.",),
        next_step="Tell what the fixture has started to end, and only then wait for it.",
    )


def _no_tests(case: Case, error: NoTests) -> Card:
    if error.skipped:
        names = join_words([f"`{_short(test)}`" for test in error.skipped])
        return Card(
            kind=Kind.NO_TEST,
            headline=f"pytest skipped every test of this task: {names}.",
            expected="at least one test that runs and passes",
            got="skipped or expected to fail",
            next_step="Remove the `skip` or `xfail`.",
        )
    region = next((one for one in case.failure.regions if one.task == error.work.task), None)
    if region is None:
        return Card(
            kind=Kind.NO_TEST,
            headline=f"The marks of the region `{error.work.task}` are gone.",
            expected=f"# region {error.work.task}: … # endregion",
            got="no such lines",
            next_step="Put the two lines back around your tests; `checker diff` shows them.",
        )
    text = error.work.files.get(region.file, "")
    wanted, found = error.wanted, len(error.work.tests)
    why, step, line = why_undiscovered(region, text, error.result.rules, found)
    lines = text.splitlines()
    source = lines[line - 1].strip() if line and line <= len(lines) else None
    test = "a test" if wanted == 1 else f"{wanted} tests"
    return Card(
        kind=Kind.NO_TEST,
        headline=f"pytest finds {found or 'no'} test{'s' * (found > 1)} for this task"
        f"{f', not {wanted}' if found else ''}.",
        expected=f"{test} in the region {region.task} of {region.file}",
        got=str(found) if found else "none",
        where=Location(file=region.file, line=line or region.first, source=source),
        why=(why,),
        next_step=step,
    )


def _fails(case: Case, error: TestFails) -> Card:
    failure = error.failure
    if failure is None:
        where = _start(error.work, error.test)
        return Card(kind=Kind.TEST_FAILS, headline=f"{_named(error.test)} fails.", where=where)
    if "fixture" in failure:
        return _no_fixture(error.work, error.test, failure)
    expected, got = _sides(failure)
    why, step = _reasons(case, error, failure)
    if "operator" in failure and (message := assertion_message(failure["raised"])):
        why = (f'The `assert` says "{shorten(message, 200)}".', *why)
    within = f" (subtest {failure['subtest']})" if failure.get("subtest") else ""
    return Card(
        kind=Kind.TEST_FAILS,
        headline=f"{_named(error.test)}{within} fails on the correct app.",
        expected=expected,
        got=got,
        started=(f"with the same app, written differently: {error.written}",)
        if error.written
        else (),
        where=_spot(error.work, error.test, failure),
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
    explained = (
        why_run(failure, error.work.files)
        or why_raised(raised, error.work.files)
        or meaning_of(raised)
    )
    if explained is not None:
        return (explained[0],), explained[1]
    if error.test["file"] not in {region.file for region in case.failure.regions}:
        why = "This test is given, and right; so is the app. What it works with, fixtures make."
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
    return ("The test ended with an exception before it could judge.",), _CORRECT


def _came_as_a_surprise(failure: TestFailure) -> bool:
    """Tell whether a test took the 422, or its body, for something else."""
    left = failure.get("left", "")
    compared = left == "422" or left.startswith("{'detail': [")
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


def _sides(failure: TestFailure) -> tuple[str | None, str]:
    """Give what the test expected and what came; of other exceptions only the latter."""
    raised = failure["raised"]
    if "operator" in failure:
        operator = failure["operator"]
        words = {"==": "", "in": "in ", "not in": "not in "}.get(
            operator, OPERATORS.get(operator, operator) + " "
        )
        right, left = _quiet(failure["right"]), _quiet(failure["left"])
        return words + shorten(right, 300), shorten(left, 300)
    if calls_differ := _CALLS.search(raised["message"]):
        return shorten(calls_differ[1], 300), shorten(calls_differ[2], 300)
    if raised["type"] == "AssertionError":
        return "a true value", shorten(" ".join(raised["message"].split()), 300) or "a false value"
    return None, raised_words({**raised, "message": _quiet(raised["message"]).partition("\n")[0]})


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
        headline=f"{_named(test)} asks for `{name}`, and there is no fixture of that name.",
        expected=f"a fixture {name}",
        got="no such fixture",
        where=_start(work, test),
        why=("pytest takes each parameter of a test for the name of a fixture.",),
        next_step=step,
    )


def _order(error: OrderMatters) -> Card:
    test, other = _named(error.test), _named(error.other) if error.other else ""
    if other and error.needed:
        headline = f"{test} passes only if {other} has run before it."
        got = f"without it, {test.strip('`')} fails"
    elif other:
        headline = f"{test} fails if {other} has run before it."
        got = f"alone, {test.strip('`')} passes"
    else:
        headline = f"{test} passes in one order of the tests and fails in another."
        got = "a pass and a failure"
    why = ["What a test leaves behind in the app, a module or a file, the next one finds."]
    if not other:
        why = ["No single test before it decides: several together do, or chance, or the clock."]
    elif error.failure is not None and "operator" in error.failure:
        expected, came = _sides(error.failure)
        why.append(
            f"It failed with: {came}" + (f", where {expected} was expected." if expected else ".")
        )
    return Card(
        kind=Kind.TEST_ORDER,
        headline=headline,
        expected="the same outcome in every order",
        got=got,
        where=_spot(error.work, error.test, error.failure)
        if error.failure
        else _start(error.work, error.test),
        why=tuple(why),
        next_step="Let each test begin afresh, with what it needs made by a fixture.",
    )


def _forbidden(error: TestForbidden) -> Card:
    notice = error.notice
    test = error.work.tests.get(notice.test)
    name = _named(test) if test else "The code outside of the tests"
    where = place(_inside(error.work, notice.frames)) or (
        _start(error.work, test) if test else None
    )
    if notice.kind == "slept":
        return Card(
            kind=Kind.LONG_SLEEP,
            headline=f"{name} sleeps {notice.seconds:g} s.",
            expected="a test that waits for no clock",
            got=f"a sleep of {notice.seconds:g} s",
            where=where,
            why=("Such tests are run seldom, and on a slow machine they fail all the same.",),
            next_step="Wait for the event itself, or hand the code a clock that the test sets.",
        )
    return Card(
        kind=Kind.NETWORK,
        headline=f"{name} reaches for {notice.host}, beyond this machine.",
        expected="a test that needs no network",
        got=f"a connection to {notice.host}",
        where=where,
        why=("Such a test fails when the other side is slow, down or changed.",),
        next_step="Replace the client of the other service by one that answers from memory.",
    )


def _unnoticed(case: Case, error: BugUnnoticed) -> Card:
    result, work = error.result, error.work
    step = "Write an assertion that holds for the correct app and not for this one."
    homes = {one.file for one in case.failure.regions if one.task == work.task}
    if homes and homes.isdisjoint(work.files):
        step = (
            f"The tests are given, and see no more than {join_words(sorted(homes))} shows them: "
            "let it use the app's own parts, so that this mistake comes through."
        )
    passed = [test for test in result.outcomes if result.outcomes[test] == "passed"]
    got = f"{count(len(passed), 'test')} passed"
    step = "Write an assertion that holds for the correct app and not for this one."
    if result.end is End.TIMEOUT:
        step = (
            "Put a time limit around what the test waits for, so that it fails and does not hang."
        )
    if result.end is not End.WHOLE:
        got = "your tests did not come to their end on it"
    elif result.problems:
        got = "your file of tests did not load on it, which counts as no test"
    why = []
    if error.others:
        missed = len(error.others) + 1
        why.append(f"Of the {error.total} broken apps of this task, {missed} went unnoticed.")
    returning = {
        work.tests[one.test]["name"]
        for one in result.notices
        if one.name == "PytestReturnNotNoneWarning" and one.test in work.tests
    }
    why += [f"`{one}` returns a value; pytest looks at `assert` only." for one in returning]
    why += [
        f"`{one}` asserts nothing: it passes whatever the app does."
        for one in _idle(work)
        if one not in returning
    ]
    return Card(
        kind=Kind.BUG_UNNOTICED,
        headline=f"{error.bug.says}, and no test of yours failed.",
        expected="a test that fails on this app",
        got=got,
        why=tuple(why),
        next_step=step,
    )


def _idle(work: Work) -> list[str]:
    return [
        name
        for file, text in work.files.items()
        for name in without_assertion(
            text, {one["line"]: one["name"] for one in work.tests.values() if one["file"] == file}
        )
    ]


def _start(work: Work, test: TestFacts) -> Location:
    """Point at the line in which a test begins."""
    lines = work.files.get(test["file"], "").splitlines()
    line = max(test["line"], 1)
    source = lines[line - 1].strip() if line <= len(lines) else ""
    return Location(file=test["file"], line=line, function=test["name"], source=source or None)


def _spot(work: Work, test: TestFacts, failure: TestFailure) -> Location:
    """Point at the innermost line of the tests, of a fixture, or at the test's beginning."""
    frames = failure["raised"]["frames"]
    return place(_inside(work, frames) or next(reversed(frames), None)) or _start(work, test)


def _inside(work: Work, frames: "list[Frame] | tuple[Frame, ...]") -> Frame | None:
    return next((frame for frame in reversed(frames) if frame["file"] in work.files), None)
