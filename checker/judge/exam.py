"""Run the learner's tests on the correct app and on broken ones: what a suite of 5.8 asks with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checker.catalog.bugs import Bug
from checker.host.facts import TestFacts
from checker.judge.exam_failures import (
    BugUnnoticed,
    ExamFaultError,
    NoTests,
    OrderMatters,
    TestFails,
    TestForbidden,
    TestsCut,
    TestsHung,
    TestsUnreadable,
    Work,
)
from checker.judge.examination import Examination
from checker.judge.ordering import find_other
from checker.judge.trials import End, TrialResult


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a run of all tests.

    `outcomes` maps ids as `tests/test_books.py::test_title` to passed, failed, skipped or xfailed;
    `unreadable` lists the files that pytest could not collect.
    """

    outcomes: Mapping[str, str]
    unreadable: tuple[str, ...]

    def of(self, folder: str, name: str) -> set[str]:
        """Tell what became of the tests below a folder whose names begin with `name`."""
        return {
            outcome
            for test, outcome in self.outcomes.items()
            if test.startswith(f"{folder}/") and f"::{name}" in test
        }


class Exam:
    """The tests that the learner wrote for one task.

    They are those in the regions of the task, in whatever file; `choose` takes others. Each app
    that they meet is the lab's own, never the learner's copy.

    Args:
        examination: runs them.
        task: the task.
        files: patterns of files whose tests are meant instead.
    """

    def __init__(self, examination: Examination, task: str, files: tuple[str, ...] = ()) -> None:
        self._examination = examination
        self._task = task
        self._choice = examination.choice(task, files)

    def choose(self, *files: str) -> "Exam":
        """Give the exam of all tests in some files (patterns as `tests/test_*.py`) instead."""
        return Exam(self._examination, self._task, files)

    def passes(self, at_least: int = 1) -> list[TestFacts]:
        """Demand that there are tests, and that they pass on the correct app in two orders.

        Args:
            at_least: the number of tests, or more, that pytest must find.

        Returns:
            the tests: id, file, line and name of each.
        """
        results = self._examination.correct()
        work = self._work(results[0])
        for result in results:
            self._demand_end(work, result)
        if len(work.tests) < at_least:
            raise NoTests(work, results[0], at_least)
        self._demand_passes(work, *results)
        passed = [test for test in work.tests if results[0].outcomes.get(test) == "passed"]
        if not passed:
            raise NoTests(work, results[0], at_least, skipped=tuple(work.tests))
        for notice in (*results[0].notices, *results[1].notices):
            if notice.kind != "warned" and notice.test in {*work.tests, ""}:
                raise TestForbidden(work, notice)
        return [work.tests[test] for test in passed]

    def notices(self, *bugs: str) -> None:
        """Demand what `passes` does, and that a test fails on each broken app.

        Args:
            bugs: ids of the broken apps; without any, all that belong to the task.
        """
        wanted = self._wanted(bugs)
        tests = {facts["id"] for facts in self.passes()}
        work = self._work(self._examination.correct()[0])
        group = self._examination.group(self._choice)
        for written, control in group.controls:
            self._demand_control(work, self._examination.wait_for(control), written)
        results = [(bug, self._examination.wait_for(group.broken[bug.id])) for bug in wanted]
        missed = [(bug, one) for bug, one in results if not _is_noticed(bug, one, tests)]
        if missed:
            bug, result = missed[0]
            raise BugUnnoticed(work, bug, [other for other, _ in missed[1:]], len(wanted), result)

    def run(self, files: Mapping[str, str] | None = None, *only: str) -> Ran:
        """Run all tests on the correct app, with further files beside them if there are any.

        The same files are run once, however often they are asked for.

        Args:
            files: further files by their paths.
            only: patterns of the files whose tests are meant, not all.

        Raises:
            TestsCut: pytest does not come to its end.
        """
        result = self._examination.run(files=files, only=only)
        if result.end is not End.WHOLE:  # what the learner's own tests show is easier to find
            for own in self._examination.correct():
                self._demand_end(self._work(own), own)
        self._demand_whole(self._work(result), result)
        unreadable = tuple(file for file, _ in result.problems if file)
        return Ran(dict(result.outcomes), unreadable)

    def _wanted(self, names: Iterable[str]) -> list[Bug]:
        own = {bug.id: bug for bug in self._examination.bugs.of_task(self._task)}
        names = tuple(names) or tuple(own)
        unknown = [name for name in names if name not in own] or ([] if own else ["any"])
        if unknown:
            raise ExamFaultError(
                f"The task {self._task} has no broken app {unknown[0]!r}.",
                f"Name some of these in its suite: {', '.join(own) or 'there are none'}.",
            )
        self._examination.asked.update(names)
        return [own[name] for name in names]

    def _work(self, result: TrialResult) -> Work:
        texts = {file: self._examination.text(file) for file, _, _ in self._choice.spans}
        chosen = {test: facts for test, facts in result.tests.items() if facts in self._choice}
        return Work(self._task, texts, chosen)

    def _demand_end(self, work: Work, result: TrialResult) -> None:
        for file, problem in result.problems:
            if result.end is End.CUT or file in work.files or problem.get("file") in work.files:
                raise TestsUnreadable(work, problem)
        self._demand_whole(work, result)

    def _demand_whole(self, work: Work, result: TrialResult) -> None:
        if result.end is End.TIMEOUT:
            raise TestsHung(work, result, self._examination.seconds)
        if result.end is End.CUT:
            raise TestsCut(work, result)

    def _demand_passes(self, work: Work, first: TrialResult, second: TrialResult) -> None:
        for test in [*first.failed, *second.failed]:
            if test not in work.tests:
                continue
            facts = work.tests[test]
            good, bad = (second, first) if test in first.failed else (first, second)
            for notice in bad.notices:
                if notice.kind == "network" and notice.test == test:
                    raise TestForbidden(work, notice)
            if test in good.failed:
                good = self._examination.run(*first.tests)  # as plain pytest runs them
                if test in good.failed and self._fails_alone(test):
                    raise TestFails(work, facts, first.failures.get(test))
            other, needed = find_other(self._examination, test, good, bad)
            known = first.tests.get(other) if other else None
            raise OrderMatters(work, facts, bad.failures.get(test), known, needed=needed)

    def _fails_alone(self, test: str) -> bool:
        return test in self._examination.run(test).failed

    def _demand_control(self, work: Work, result: TrialResult, written: str) -> None:
        self._demand_end(work, result)
        for test in result.failed:
            if test in work.tests:
                raise TestFails(work, work.tests[test], result.failures.get(test), written)


def _is_noticed(bug: Bug, result: TrialResult, tests: set[str]) -> bool:
    """Tell whether a test failed that passes on the correct app; the broken one must load."""
    if result.end is End.WHOLE and not result.loaded:
        problem = result.loading["message"] if result.loading else "no reason is known"
        raise ExamFaultError(f"The broken app {bug.id} does not load: {problem}.", "Correct it.")
    return result.end is End.WHOLE and not tests.isdisjoint(result.failed)
