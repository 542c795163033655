"""All trials of one run: staged, run side by side, each at most once."""

import fnmatch
import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import cast

from checker.catalog.bugs import Bug, Bugs
from checker.edits import Edit
from checker.files import Tree, write_tree
from checker.host.facts import TestFacts
from checker.judge.memory import Memory, key_of
from checker.judge.regions import find_regions
from checker.judge.session import Session
from checker.judge.trials import TrialOrder, TrialResult, run_trial
from checker.processors import usable
from checker.services.shares import Shares

ALL_LINES = 1 << 30

LOOK_SECONDS = 0.2

Pending = Future[TrialResult]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tests: those of a task that begin in one of some spans (file, first and last line)."""

    task: str
    spans: tuple[tuple[str, int, int], ...]

    def __contains__(self, test: TestFacts) -> bool:
        return any(
            file == test["file"] and first <= test["line"] <= last
            for file, first, last in self.spans
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The trials of one choice of tests: the broken apps by id, and among them the correct one.

    `controls` are those of the correct app, each with the words on how it is written. Nothing but
    what it does tells the correct app from the broken ones: not its place in the order of trials,
    nor its folder, nor the size of its files.
    """

    broken: Mapping[str, Pending]
    controls: tuple[tuple[str, Pending], ...]


class Examination:
    """The trials of a run.

    Args:
        session: the run; its files are the learner's, with the lab's own app.
        bugs: the broken apps of the topic.
        seed: of the order of tests and trials.
        memory: the results of earlier trials.
    """

    def __init__(self, session: Session, bugs: Bugs, seed: int, memory: Memory) -> None:
        self.bugs = bugs
        self.seconds = session.limits.request
        self.asked: set[str] = set()
        self._session = session
        self._tree = {name: text for name, text in session.tree.items() if _is_of_tests(name)}
        self._seed = seed
        self._memory = memory
        self._chance = random.Random(seed)
        self._shares = Shares(session.controls, session.env)
        processors = len(usable())
        together = min(processors, bugs.together or processors, self._shares.most)
        self._pool = ThreadPoolExecutor(together)
        self._correct: tuple[Pending, Pending] | None = None
        self._groups: dict[Choice, Group] = {}
        self._runs: dict[object, Pending] = {}
        self._ended = 0

    def begin(self) -> None:
        """Begin the trials of all tests on the correct app, in an order and its reverse."""
        if self._correct is None:
            self._correct = self._submit(), self._submit(reverse=True)

    def correct(self) -> tuple[TrialResult, TrialResult]:
        """Wait for the trials on the correct app."""
        self.begin()
        assert self._correct is not None
        return self.wait_for(self._correct[0]), self.wait_for(self._correct[1])

    def group(self, choice: Choice) -> Group:
        """Give the trials of a choice; begin them, and those that will be asked for next."""
        if choice not in self._groups:
            self._groups[choice] = self._begin(choice)
            self._begin_others()
        return self._groups[choice]

    def run(
        self, *tests: str, files: Mapping[str, str] | None = None, only: tuple[str, ...] = ()
    ) -> TrialResult:
        """Run some tests in a trial as `begin_run` does, and wait for its end."""
        return self.wait_for(self.begin_run(*tests, files=files, only=only))

    def begin_run(
        self, *tests: str, files: Mapping[str, str] | None = None, only: tuple[str, ...] = ()
    ) -> Pending:
        """Begin a trial of some tests, in this order, or of all, on the correct app.

        Args:
            tests: ids of the tests; all in the usual order without any.
            files: further files by their paths.
            only: patterns of the files to look into for tests; all without any.
        """
        files = files or {}
        wanted = tests, only, tuple(sorted(files.items()))
        if wanted not in self._runs:
            spans = _whole(only, {**self._tree, **files})
            self._runs[wanted] = self._submit(files=files, tests=tests, regions=spans)
        return self._runs[wanted]

    def wait_for(self, pending: Pending) -> TrialResult:
        """Wait for a trial; whenever one has ended, the check that waits gets all of its time."""
        ended = self._ended
        while not wait([pending], LOOK_SECONDS).done:
            if ended != self._ended:
                ended = self._ended
                self._session.start_clock()
        self._session.start_clock()
        return pending.result()

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # -- which tests ------------------------------------------------------------------------------

    def choice(self, task: str, patterns: tuple[str, ...] = ()) -> Choice:
        """Choose the tests in the regions of a task, or all of those in some files."""
        tree = self._tree
        if patterns:
            return Choice(task, _whole(patterns, tree))
        regions = [one for one in find_regions(tree) if one.file.endswith(".py")]
        spans = ((one.file, one.first, one.last) for one in regions if one.task == task)
        return Choice(task, tuple(spans))

    def text(self, file: str) -> str:
        """Give the text of one of the learner's files."""
        return self._session.tree[file].decode("utf-8", "replace")

    # -- trials -----------------------------------------------------------------------------------

    def _begin_others(self) -> None:
        """Begin the trials of every task whose tests pass on the correct app."""
        results = self.correct()
        for task in dict.fromkeys(bug.task for bug in self.bugs.bug):
            choice = self.choice(task)
            tests = [test for test, facts in results[0].tests.items() if facts in choice]
            passes = all(one.outcomes.get(test) == "passed" for test in tests for one in results)
            if choice not in self._groups and tests and passes:
                self._groups[choice] = self._begin(choice)

    def _begin(self, choice: Choice) -> Group:
        bugs: list[Bug | None] = [*self.bugs.of_task(choice.task)]
        written = [(same.says, same.edits) for same in self.bugs.same] or [("", ())]
        apps = [bug.edits for bug in bugs if bug] + [edits for _, edits in written]
        pending: dict[int, Pending] = {}
        for place in self._chance.sample(range(len(apps)), len(apps)):
            pending[place] = self._submit(
                apps[place], broken=place < len(bugs), stop=True, regions=choice.spans, seed=0
            )
        return Group(
            broken={bug.id: pending[place] for place, bug in enumerate(bugs) if bug},
            controls=tuple(
                (says, pending[place]) for place, (says, _) in enumerate(written, len(bugs))
            ),
        )

    def _submit(
        self,
        edits: tuple[Edit, ...] = (),
        files: Mapping[str, str] | None = None,
        *,
        broken: bool = False,
        **trial: object,
    ) -> Pending:
        """Stage an app with the learner's tests beside it, and begin to run them.

        What is told of a correct app is remembered only if no test failed: a failure may have come
        by chance, and would stay until a file is changed.
        """
        session = self._session
        app = self.bugs.broken(edits) if edits else dict(self.bugs.given)
        extra = {name: text.encode() for name, text in (files or {}).items()}
        env = {**session.lesson.lab.env, **self._shares.common}
        usual = {"seed": self._seed, "stop": False, "plugins": self.bugs.plugins}
        trial = {**usual, "entry": session.lesson.lab.entry, **trial}
        key = ""
        if spans := cast("Sequence[tuple[str, int, int]]", trial.get("regions", ())):
            tree = {**self._tree, **app, **extra}
            key = key_of(tree, [file for file, _, _ in spans], trial, env)
            if (known := self._memory.recall(key)) is not None:
                return _finished(known)
        folder = session.folder / secrets.token_hex(6)
        write_tree({**self._tree, **_marked(app), **extra}, folder)
        order = TrialOrder(folder, env, self.seconds, trial)
        return self._pool.submit(self._run, order, key, broken)

    def _run(self, order: TrialOrder, key: str, broken: bool) -> TrialResult:
        with self._shares.one() as env:
            order = replace(order, env={**order.env, **env})
            result = run_trial(self._session.connect(), order)
        self._ended += 1
        if key and (broken or not result.failed):
            self._memory.keep(key, result)
        return result


def _is_of_tests(name: str) -> bool:
    """Tell whether a file lies where tests run: not the workflow, which no test reads."""
    return not name.startswith(".github/")


def _whole(patterns: tuple[str, ...], names: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
    """Give the span of each file that fits a pattern."""
    return tuple(
        (name, 1, ALL_LINES)
        for name in sorted(names)
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    )


def _finished(result: TrialResult) -> Pending:
    pending = Pending()
    pending.set_result(result)
    return pending


def _marked(app: Tree) -> Tree:
    """End each module with a comment of its own, so that neither size nor digest tells anything."""
    return {
        name: text + f"\n# {secrets.token_hex(4 + secrets.randbelow(12))}\n".encode()
        if name.endswith(".py")
        else text
        for name, text in app.items()
    }
