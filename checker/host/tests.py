"""Run the learner's tests by pytest in this process, and tell what became of each."""

import inspect
import io
import os
import random
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from itertools import groupby
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

import anyio.pytest_plugin
import pytest
from _pytest.fixtures import FixtureLookupError

from .answers import refusal_of, watch_answers
from .facts import TestFacts, TestFailure
from .guards import Tell, guard_network, guard_sleep
from .loading import LoadError, load_app
from .orders import Order
from .problems import explain
from .readied import Readied, fixtures_remembered
from .sources import Sources
from .trial import Trial
from .wire import Wire

LONGEST_VALUE = 2000
ARGUMENTS = (
    *("-q", "--color=no", "--tb=no", "--no-header", "--no-summary"),
    "--continue-on-collection-errors",
    *("-p", "no:cacheprovider", "-p", "no:pastebin", "-p", "no:debugging", "-p", "no:setuponly"),
)
RULES = ("python_files", "python_classes", "python_functions", "testpaths")
_NO_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_SETTINGS = """
[pytest]
minversion = "9.0"
strict = true
filterwarnings = ["error"]
"""
_REHEARSAL = "test_rehearsal"
_REHEARSED = """
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


@app.post("/books")
def create_book() -> list[str]:
    return ["The Trial"]


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client


def test_books(client, capsys, monkeypatch, tmp_path):
    response = client.post("/books", json={})
    assert response.json() == ["The Trial"]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.anyio
async def test_titles(anyio_backend):
    with pytest.raises(AssertionError, match="The Trial"):
        assert {"title": "The Trial"} == {"title": "Amerika"}
"""
_LATER = (
    "_pytest.faulthandler",
    "anyio._backends._asyncio",
    "anyio.from_thread",
    "fastapi.testclient",
    "httpx2",
    "unittest.mock",
)


def run_tests(order: Order, trial: Trial, wire: Wire) -> int:
    """Run a trial in this process, which is a launch of its own; give pytest's exit code."""
    os.environ[_NO_AUTOLOAD] = "1"
    sources = Sources(order.folder)
    watcher = Watcher(trial, sources, wire.send)
    guard_network(sources, watcher.tell)
    guard_sleep(sources, watcher.tell)
    watch_answers(watcher.keep_answer)
    plugins = [watcher, anyio.pytest_plugin, *map(import_module, trial.plugins)]
    arguments = [*ARGUMENTS, f"--rootdir={order.folder}", *_paths(order.folder, trial)]
    try:
        with _readied().used():
            code = int(pytest.main(arguments, plugins=plugins))
    except (pytest.PytestUnraisableExceptionWarning, ExceptionGroup):
        # a failed test left coroutines behind; one that passed must not
        if not (code := watcher.code):
            raise
    wire.send({"event": "tested", "code": code, **_loading(trial.entry, sources)})
    return code


@cache
def _readied() -> Readied:
    return Readied(ARGUMENTS)


def _paths(folder: Path, trial: Trial) -> list[str]:
    """Name the files to look into, where not all are wanted."""
    names = [file for file, _, _ in trial.regions] + [
        test.partition("::")[0] for test in trial.tests
    ]
    return [name for name in dict.fromkeys(names) if (folder / name).is_file()]


def _loading(entry: str, sources: Sources) -> dict[str, object]:
    """Tell whether the tested app loads, once the tests are over and can no longer mind."""
    try:
        if entry:
            load_app(entry, sources)
    except LoadError as error:
        return {"loaded": False, "problem": error.problem}
    return {"loaded": True}


class Watcher:
    """The plugin: it chooses and orders the tests, and tells what becomes of them."""

    def __init__(self, trial: Trial, sources: Sources, send: Tell) -> None:
        self._trial = trial
        self._sources = sources
        self._send = send
        self._test = ""
        self._failure: TestFailure | None = None
        self._compared: tuple[str, str, str] | None = None
        self._answer: object = None
        self._session: pytest.Session | None = None
        self.code = 0

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Keep the exit code, which an exception may follow."""
        self.code = int(exitstatus)

    def tell(self, event: dict[str, object]) -> None:
        """Send an event that belongs to the test that runs now."""
        self._send({"test": self._test, **event})

    def keep_answer(self, response: object) -> None:
        """Keep the last answer of the app to the test that runs now."""
        self._answer = response

    # -- what is found ----------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_load_initial_conftests(self) -> Generator[None]:
        """Tell of a `conftest.py` that does not load; pytest ends with it."""
        try:
            return (yield)
        except Exception as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, BaseException):
                self._tell_unreadable(getattr(error, "path", None), cause)
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Tell of a file of tests that does not load."""
        report = yield
        call = vars(report).get("call")
        if report.failed and call is not None and call.excinfo is not None:
            error = call.excinfo.value
            self._tell_unreadable(collector.path, error.__cause__ or error)
        return report

    def _tell_unreadable(self, path: Path | None, error: BaseException) -> None:
        file = self._sources.relative(str(path)) if path else None
        problem = explain(error, self._sources)
        self._send({"event": "unreadable", "file": file, "problem": problem})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Tell what was found; keep what is wanted, in the order wanted."""
        self._session = session
        found = {item.nodeid: self._facts(item) for item in items}
        rules = {name: list(map(str, config.getini(name))) for name in RULES}
        self._send({"event": "collected", "tests": list(found.values()), "rules": rules})
        wanted = [item for item in items if self._is_wanted(found[item.nodeid])]
        rest = [item for item in items if item not in wanted]
        if rest:
            config.hook.pytest_deselected(items=rest)
        items[:] = self._in_order(wanted)

    def _facts(self, item: pytest.Item) -> TestFacts:
        file, line, _ = item.location
        name = getattr(item, "originalname", None) or item.name
        return {
            "id": item.nodeid,
            "file": self._sources.relative(str(Path(file))) or file.replace(os.sep, "/"),
            "line": (line or 0) + 1,
            "name": str(name),
        }

    def _is_wanted(self, facts: TestFacts) -> bool:
        trial = self._trial
        if trial.tests:
            return facts["id"] in trial.tests
        return not trial.regions or any(
            file == facts["file"] and first <= facts["line"] <= last
            for file, first, last in trial.regions
        )

    def _in_order(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Shuffle files, classes and tests, each within the one around it, or do as asked."""
        if self._trial.tests:
            return sorted(items, key=lambda item: self._trial.tests.index(item.nodeid))
        chance = random.Random(self._trial.seed)
        shuffled = list(_shuffled(items, chance, (pytest.Module, pytest.Class)))
        return shuffled[::-1] if self._trial.reverse else shuffled

    # -- what becomes of it -----------------------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell which test begins."""
        self._test, self._compared, self._failure, self._answer = nodeid, None, None, None
        self._send({"event": "begin", "test": nodeid})

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Keep the operands of a comparison that failed; others explain it."""
        self._compared = op, _text(left), _text(right)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep why a test failed until its report is told."""
        report = yield
        self._failure = None
        if report.failed and call.excinfo is not None:
            self._failure = self._explain(item, call.when, call.excinfo.value)
            _close_coroutines(call.excinfo.tb)
        return report

    def _explain(self, item: pytest.Item, when: str, error: BaseException) -> TestFailure:
        failure: TestFailure = {"when": when, "raised": self._sources.raised(error)}
        if isinstance(error, AssertionError) and self._compared is not None:
            failure["operator"], failure["left"], failure["right"] = self._compared
        if refused := refusal_of(self._answer):
            failure["refused"] = refused
        if isinstance(error, FixtureLookupError) and error.argname:
            failure["fixture"] = error.argname
            failure["names"] = _fixture_names(item)
        return failure

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell the outcome of a test; with `stop` the first failure is the last."""
        if report.when != "call" and report.passed:
            return
        failure, self._failure = self._failure, None
        context = getattr(report, "context", None)
        if failure is not None and context is not None:
            values = ", ".join(f"{key}={value}" for key, value in context.kwargs.items())
            failure["subtest"] = " ".join(filter(None, [context.msg, values]))
        outcome = "xfailed" if report.skipped and hasattr(report, "wasxfail") else report.outcome
        self.tell(
            {
                "event": "outcome",
                "when": report.when,
                "outcome": outcome,
                "part": context is not None,
                "failure": failure,
                "seconds": round(report.duration, 4),
            }
        )
        if report.failed and self._trial.stop and self._session is not None:
            self._session.shouldfail = "a test has failed"

    def pytest_warning_recorded(self, warning_message: object, nodeid: str) -> None:
        """Tell what pytest itself warns of, as a test that returns a value."""
        message = getattr(warning_message, "message", None)
        if isinstance(message, pytest.PytestWarning):
            name = type(message).__name__
            self._send({"event": "warned", "test": nodeid, "name": name, "message": str(message)})


def _shuffled(
    items: Iterable[pytest.Item], chance: random.Random, levels: tuple[type[pytest.Collector], ...]
) -> Iterator[pytest.Item]:
    """Shuffle groups of items that share a collector of the first level, then within each."""
    if not levels:
        rest = list(items)
        chance.shuffle(rest)
        yield from rest
        return
    groups = [
        list(group)
        for _, group in groupby(items, key=lambda item: item.getparent(levels[0]) or item)
    ]
    chance.shuffle(groups)
    for group in groups:
        yield from _shuffled(group, chance, levels[1:])


def _close_coroutines(traceback: TracebackType | None) -> None:
    """Close coroutines that a failed test never awaited, lest Python warn during the next test."""
    for frame, _ in walk_tb(traceback):
        for value in frame.f_locals.values():
            if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == "CORO_CREATED":
                value.close()


def _fixture_names(item: pytest.Item) -> list[str]:
    """List the fixtures that a test could ask for."""
    manager = item.session._fixturemanager
    found = manager._get_all_fixture_defs_for_node(item)
    return sorted({definition.argname for definition in found})


def _text(value: object) -> str:
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001  # any error of a learner's __repr__
        text = f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def warm_up() -> None:
    """Import what each trial needs and run pytest once, so that a fork finds it done."""
    for name in _LATER:
        import_module(name)
    path = list(sys.path)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        Path(folder, f"{_REHEARSAL}.py").write_text(_REHEARSED, encoding="utf-8")
        Path(folder, "pytest.toml").write_text(_SETTINGS, encoding="utf-8")
        os.environ[_NO_AUTOLOAD] = "1"
        options = [f"--rootdir={folder}", "--capture=sys", "-p", "no:faulthandler", folder]
        with fixtures_remembered():
            code = pytest.main([*ARGUMENTS, *options], plugins=[anyio.pytest_plugin])
    del os.environ[_NO_AUTOLOAD]
    sys.path[:] = path
    sys.modules.pop(_REHEARSAL, None)
    if code != 0:
        raise RuntimeError(f"the rehearsal of a trial ended with {code}")
    _readied()
