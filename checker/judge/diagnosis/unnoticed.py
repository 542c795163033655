"""The card of a broken app that no test of the learner's notices."""

from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.undiscovered import without_assertion
from checker.judge.diagnosis.values import join_words
from checker.judge.diagnosis.wording import count
from checker.judge.exam_failures import BugUnnoticed, Work
from checker.judge.trials import End
from checker.report import Card, Kind


def explain_unnoticed(case: Case, error: BugUnnoticed) -> Card:
    """Write the card of a broken app on which no test failed."""
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
