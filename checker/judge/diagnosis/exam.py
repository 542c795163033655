"""Explain why an exam of the learner's tests was not passed."""

import re

from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.ending import end_words
from checker.judge.diagnosis.failing import explain_failing, sides
from checker.judge.diagnosis.launch import explain_launch
from checker.judge.diagnosis.learners_tests import innermost, named, short_name, spot_of, start_of
from checker.judge.diagnosis.parts import place
from checker.judge.diagnosis.server_error import tail
from checker.judge.diagnosis.undiscovered import why_undiscovered
from checker.judge.diagnosis.unnoticed import explain_unnoticed
from checker.judge.diagnosis.values import join_words, shorten
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
from checker.report import Card, Kind, Location, Verdict

USAGE = 4
_NAMED = re.compile(r"^In (\S+?)::(\w+): ")


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
            return explain_failing(case, case.error)
        case OrderMatters():
            return _order(case.error)
        case TestForbidden():
            return _forbidden(case.error)
        case BugUnnoticed():
            return explain_unnoticed(case, case.error)
    return None


def _unreadable(error: TestsUnreadable) -> Card:
    raised = error.problem.get("raised")
    if raised is not None and raised["type"].endswith(("CollectError", "Failed")):
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
        named = _NAMED.search(message)
        return Card(
            kind=Kind.TEST_RUN,
            headline=f"pytest makes no tests of a file: {shorten(_NAMED.sub('', message), 200)}",
            where=_definition(work, *named.groups()) if named else None,
            next_step="Correct what pytest names.",
        )
    file, test, name = twice.groups()
    return Card(
        kind=Kind.TEST_RUN,
        headline=f"Two rows of `{test}` make tests of the same name.",
        expected="rows that differ",
        got=f"{test}[{name}] more than once",
        where=_definition(work, file, test),
        why=("Who reads that one of them failed cannot tell which.",),
        next_step="Remove the row that stands twice, or name the rows with `ids=[...]`.",
    )


def _definition(work: Work, file: str, test: str) -> Location | None:
    """Find the line in which a function of tests begins."""
    lines = work.files.get(file, "").splitlines()
    found = [number for number, line in enumerate(lines, 1) if f"def {test}(" in line]
    return Location(file=file, line=found[0], source=lines[found[0] - 1]) if found else None


def _cut(error: TestsCut) -> Card:
    result = error.result
    running = result.tests.get(result.running)
    where = start_of(error.work, running) if running else None
    if result.code == USAGE:
        where = _line_of(result.output)
        headline = "pytest did not start."
        why: tuple[str, ...] = ("Its settings or a plugin are in the way.",)
        step = "Read what pytest says below, and correct what it names."
    else:
        ended = Ended("", result.code, result.signal, result.output)
        words, why, step = end_words(ended)
        during = f" during {named(running)}" if running else ""
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
    who = named(running) if running else "One of the tests"
    return Card(
        kind=Kind.TEST_RUN,
        headline=f"{who} did not come to an end: all tests together may take {error.seconds:g} s.",
        expected=f"an end within {error.seconds:g} s",
        got="no end",
        where=start_of(error.work, running) if running else None,
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
        names = join_words([f"`{short_name(test)}`" for test in error.skipped])
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


def _order(error: OrderMatters) -> Card:
    test, other = named(error.test), named(error.other) if error.other else ""
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
        expected, came = sides(error.failure)
        why.append(
            f"It failed with: {came}" + (f", where {expected} was expected." if expected else ".")
        )
    return Card(
        kind=Kind.TEST_ORDER,
        headline=headline,
        expected="the same outcome in every order",
        got=got,
        where=spot_of(error.work, error.test, error.failure)
        if error.failure
        else start_of(error.work, error.test),
        why=tuple(why),
        next_step="Let each test begin afresh, with what it needs made by a fixture.",
    )


def _forbidden(error: TestForbidden) -> Card:
    notice = error.notice
    test = error.work.tests.get(notice.test)
    name = named(test) if test else "The code outside of the tests"
    where = place(innermost(error.work, notice.frames)) or (
        start_of(error.work, test) if test else None
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
