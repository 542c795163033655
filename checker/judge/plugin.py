"""The pytest plugin: orders the checks, keeps them in time, turns outcomes into results."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Literal

import pytest

from checker.catalog.bugs import Bugs
from checker.catalog.model import Check, Lesson, Task
from checker.errors import CheckerError
from checker.judge.diagnosis import diagnose_launch
from checker.judge.evidence import Comparison, Exchange, Failure, LaunchFailed, RequestTimeout
from checker.judge.exam_failures import ExamFaultError
from checker.judge.examination import Examination
from checker.judge.failure import explain, fault_card, verdict_of
from checker.judge.fixtures import Fixtures
from checker.judge.lab import Lab
from checker.judge.memory import Memory
from checker.judge.probe import LaunchProbe
from checker.judge.regions import find_regions
from checker.judge.session import Session, no_alarm
from checker.report import Card, CheckResult, Verdict

Emit = Callable[[CheckResult], None]
Receive = Callable[[], tuple[Session, int]]
Call = pytest.CallInfo[None]


class JudgePlugin:
    """Judge one run of one suite.

    Args:
        lesson: the tasks and their checks.
        receive: gives the session and the seed of the run; may wait for them.
        emit: receives each result as soon as it is known.
        bugs: the broken apps, where the learner writes tests.
    """

    session: Session
    seed: int
    _probe: LaunchProbe

    def __init__(
        self, lesson: Lesson, receive: Receive, emit: Emit, bugs: Bugs | None = None
    ) -> None:
        self.__name__ = "judge"  # the name under which pytest registers this plugin
        self.fixtures = Fixtures(self)
        self.results: dict[str, CheckResult] = {}
        self.card: Card | None = None
        self.card_verdict = Verdict.ERROR
        self.collection_error = ""
        self._emit = emit
        self._tasks = {task.id: task for task in lesson.tasks}
        self._checks = {check.id: check for task in lesson.tasks for check in task.checks}
        self._order = {check: place for place, check in enumerate(self._checks)}
        self._comparison: Comparison | None = None
        self._receive: Receive | None = receive
        self._bugs = bugs
        self._examination: Examination | None = None
        self._lab: Lab | None = None

    def begin(self) -> None:
        """Receive what is to be judged and begin to launch it, once.

        Where the learner writes tests, these are begun; a check may still ask for the lab.
        """
        if self._receive is None:
            return
        self.session, self.seed = self._receive()
        self._receive = None
        self._probe = LaunchProbe(self.session.conversation)
        if self._bugs is None:
            self._launch()
            return
        memory = Memory(self.session.memory)
        self._examination = Examination(self.session, self._bugs, self.seed, memory)
        self._examination.begin()

    def _launch(self) -> Lab:
        """Begin to launch the lab that all checks share, unless that was done."""
        if self._lab is None:
            self._lab = Lab(self.session, self.session.launch())
            self._probe.shared = self._lab.launched
        return self._lab

    def close(self) -> None:
        """End the shared lab."""
        if self._lab is not None:
            self._lab.close()
        if self._examination is not None:
            self._examination.close()

    # -- the lab that all checks share ------------------------------------------------------------

    def shared_lab(self) -> Lab:
        """Give the running lab, started anew if the check before lost it."""
        lab = self._launch()
        lab.launched.wait_ready()
        if not lab.healthy:
            lab.restart()
            self._probe.shared = lab.launched
        return lab

    def examination(self) -> Examination:
        """Give the trials of the learner's tests."""
        if self._examination is None:
            raise ExamFaultError("This topic has no file of broken apps.", "Write one.")
        return self._examination

    @property
    def unasked(self) -> list[str]:
        """List the broken apps that a suite whose checks all passed has not asked for."""
        results = self.results.values()
        passed = all(one.verdict is Verdict.PASSED for one in results) and self._examination
        if not passed or len(self.results) < len(self._checks) or self._bugs is None:
            return []
        return [bug.id for bug in self._bugs.bug if bug.id not in passed.asked]

    # -- hooks ------------------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the one marker that suites use."""
        config.addinivalue_line("markers", "task(id): the task that this check belongs to")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what a suite of ours that does not load says."""
        if report.failed:
            self.collection_error += report.longreprtext

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Run the checks in the order of the tasks."""
        items.sort(key=lambda item: self._order.get(_function_name(item), len(self._order)))

    def pytest_collection_finish(self) -> None:
        """Find out, before the first check, whether the lab loads at all."""
        try:
            self.begin()
            if self._lab is not None:
                self._lab.launched.wait_ready()
        except LaunchFailed as failed:
            self.card_verdict, self.card = failed.verdict, diagnose_launch(failed)
        except CheckerError as error:
            self.card_verdict, self.card = Verdict.ERROR, fault_card(error)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Run a check, unless it cannot be judged: the lab does not load, or a task is open.

        It takes pytest's steps without its reports, which nobody reads here.
        """
        if self.card is None:
            self._run(item, nextitem)
        return True

    def _run(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        check = self._checks[_function_name(item)]
        if self._blocked(self._tasks[check.task]):
            self._note(check, Verdict.BLOCKED, None, 0.0)
            return
        self._comparison = None
        self.session.begin_check()
        self.fixtures.begin_check(item.name, check.task)
        hook = item.ihook
        call = _timed(lambda: hook.pytest_runtest_setup(item=item), "setup")
        if call.excinfo is None:
            call = _timed(lambda: self._call(item), "call")
        self._judge(item, check, call)
        _timed(lambda: hook.pytest_runtest_teardown(item=item, nextitem=nextitem), "teardown")

    def _call(self, item: pytest.Item) -> None:
        """Start the check's clock, and ring it when its time is over."""
        with _alarm(self.session, self._late):
            self.session.start_clock()
            item.ihook.pytest_runtest_call(item=item)

    def _blocked(self, task: Task) -> bool:
        return any(
            self.results.get(check.id) is None or self.results[check.id].verdict != Verdict.PASSED
            for required in task.requires
            for check in self._tasks[required].checks
        )

    def _late(self) -> RequestTimeout:
        exchanges = self.session.conversation.exchanges
        exchange = exchanges[-1] if exchanges else Exchange(0, "-", "-", {})
        return RequestTimeout(exchange, self.session.limits.test)

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str] | None:
        """Keep the operands of the comparison that failed."""
        self._comparison = Comparison(left, op, right)
        return ["values differ"]

    def _judge(self, item: pytest.Item, check: Check, call: Call) -> None:
        """Turn the outcome of a check into its result; one that skips itself has none."""
        if call.excinfo is None:
            self._note(check, Verdict.PASSED, None, call.duration)
            return
        if call.excinfo.errisinstance(pytest.skip.Exception):
            return
        error = call.excinfo.value
        verdict = verdict_of(error, call.excinfo, item.path)
        failure = Failure(
            check=check,
            error=error,
            comparison=self._comparison if isinstance(error, AssertionError) else None,
            message=_message(error),
            exchanges=tuple(self.session.conversation.exchanges),
            probe=self._probe,
            seconds=call.duration,
            regions=find_regions(self.session.tree),
        )
        card = explain(failure, verdict, call.excinfo)
        last = self.session.conversation.last
        if last is not None and last.order.setting:
            card = card.model_copy(update={"started": last.order.setting})
        self._note(check, verdict, card, call.duration)

    def _note(self, check: Check, verdict: Verdict, card: Card | None, seconds: float) -> None:
        """Keep a result; a parametrised check passes when each of its cases does."""
        known = self.results.get(check.id)
        if known is not None and known.verdict is not Verdict.PASSED:
            return
        result = CheckResult(
            id=check.id,
            title=check.title,
            verdict=verdict,
            seconds=round(seconds + (known.seconds if known else 0.0), 4),
            card=card,
        )
        self.results[check.id] = result
        self._emit(result)


def _timed(step: Callable[[], None], when: Literal["setup", "call", "teardown"]) -> Call:
    """Take a step of a check and keep what it raised."""
    passed_on = (KeyboardInterrupt, pytest.exit.Exception)
    return pytest.CallInfo.from_call(step, when, reraise=passed_on)


def _function_name(item: pytest.Item) -> str:
    name = getattr(item, "originalname", None)
    return name if isinstance(name, str) else item.name


def _message(error: BaseException) -> str | None:
    """Give the sentence that the suite put behind its assert, if there is one."""
    if type(error) is not AssertionError or not error.args:
        return None
    text = str(error.args[0])
    sentence = text.partition("\nassert ")[0]
    return None if sentence.startswith("assert ") or not sentence else sentence


@contextlib.contextmanager
def _alarm(session: Session, late: Callable[[], Exception]) -> Iterator[None]:
    """Raise what `late` makes when the session's alarm rings; where there is no SIGALRM, never."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise late()

    before = signal.signal(signal.SIGALRM, ring)

    def set_alarm(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds + 0.25)

    session.alarm = set_alarm
    try:
        yield
    finally:
        session.alarm = no_alarm
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
