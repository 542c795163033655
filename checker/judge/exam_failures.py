"""What can be wrong with tests that a learner wrote: one exception each.

- TestsUnreadable: a file of tests, or `conftest.py`, does not load.
- TestsCut: pytest did not come to its end, or said what does not fit together.
- TestsHung: so, because its time was over (verdict: timeout).
- NoTests: pytest found none for the task, or too few, or skipped all.
- TestFails: a test fails on the correct app.
- OrderMatters: a test passes or fails by what ran before it.
- TestForbidden: a test reaches beyond this machine, or sleeps long.
- BugUnnoticed: all tests pass on a broken app.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.catalog.bugs import Bug
from checker.errors import CheckerError, ExitCode
from checker.host.facts import Problem, TestFacts, TestFailure
from checker.judge.trials import Notice, TrialResult


@dataclass(frozen=True, slots=True)
class Work:
    """What the learner has to show for a task.

    `files` maps the files in which the tests are looked for to their texts; `tests` are those that
    pytest found there.
    """

    task: str
    files: Mapping[str, str]
    tests: Mapping[str, TestFacts]


class ExamFailed(AssertionError):
    """Say that the learner's tests are not yet what the task asks for."""

    __test__ = False  # no class of tests, whatever the name begins with

    def __init__(self, work: Work, words: str) -> None:
        super().__init__(words)
        self.work = work


class TestsUnreadable(ExamFailed):
    """Say that a file of tests does not load."""

    def __init__(self, work: Work, problem: Problem) -> None:
        super().__init__(work, f"a file of tests does not load: {problem['message']}")
        self.problem = problem


class TestsCut(ExamFailed):
    """Say that a trial did not come to its end."""

    def __init__(self, work: Work, result: TrialResult) -> None:
        super().__init__(work, f"pytest ended early with {result.code or result.signal}")
        self.result = result


class TestsHung(TestsCut):
    """Say that a trial was not over in time; `seconds` is the limit."""

    def __init__(self, work: Work, result: TrialResult, seconds: float) -> None:
        super().__init__(work, result)
        self.seconds = seconds


class NoTests(ExamFailed):
    """Say that pytest found fewer tests than `wanted`; `skipped` names those that it skipped."""

    def __init__(
        self, work: Work, result: TrialResult, wanted: int, skipped: tuple[str, ...] = ()
    ) -> None:
        super().__init__(work, f"{len(work.tests)} tests of {work.task}, not {wanted}")
        self.result = result
        self.wanted = wanted
        self.skipped = skipped


class TestFails(ExamFailed):
    """Say that a test fails on the correct app, perhaps one that is `written` differently."""

    def __init__(
        self, work: Work, test: TestFacts, failure: TestFailure | None, written: str = ""
    ) -> None:
        super().__init__(work, f"{test['id']} fails on the correct app")
        self.test = test
        self.failure = failure
        self.written = written


class OrderMatters(ExamFailed):
    """Say that a test passes in one order and fails in another.

    `other` is the test that makes the difference, if one was found: run before `test`, it makes it
    fail, or with `needed` makes it pass.
    """

    def __init__(
        self,
        work: Work,
        test: TestFacts,
        failure: TestFailure | None,
        other: TestFacts | None,
        *,
        needed: bool,
    ) -> None:
        super().__init__(work, f"{test['id']} depends on the order")
        self.test = test
        self.failure = failure
        self.other = other
        self.needed = needed


class TestForbidden(ExamFailed):
    """Say that a test does what a test must not do."""

    def __init__(self, work: Work, notice: Notice) -> None:
        super().__init__(work, f"{notice.test}: {notice.kind}")
        self.notice = notice


class BugUnnoticed(ExamFailed):
    """Say that no test failed on a broken app; `others` went unnoticed too, of `total` bugs."""

    def __init__(
        self, work: Work, bug: Bug, others: Sequence[Bug], total: int, result: TrialResult
    ) -> None:
        super().__init__(work, f"{bug.says}, and no test failed")
        self.bug = bug
        self.others = others
        self.total = total
        self.result = result


class ExamFaultError(CheckerError):
    """Report a broken app of ours that is broken in the wrong way."""

    exit_code = ExitCode.FAULT
