"""Run one suite against one lab, in a process of its own, and report each check as it ends."""

import io
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from checker.catalog import Catalog
from checker.catalog.bugs import Bugs
from checker.catalog.model import Lesson, Topic
from checker.errors import CheckerError
from checker.host.readied import Readied, fixtures_remembered
from checker.judge.failure import fault_card
from checker.judge.plugin import JudgePlugin
from checker.judge.requests import no_tls
from checker.judge.session import Ground, Session
from checker.judge.tally import build_report
from checker.judge.transport import LabTransport
from checker.report import Card, CheckResult, Kind, TopicReport, Verdict
from checker.services.registry import SERVICES

TESTS = ("checker.host.tests",)  # what the host imports once to run learners' tests

PYTEST_ARGUMENTS = (
    "--import-mode=importlib",
    "--noconftest",
    "--strict-markers",
    "-q",
    "--tb=no",
    "--no-header",
    "--no-summary",
    *("-p", "no:cacheprovider", "-p", "no:junitxml", "-p", "no:doctest", "-p", "no:stepwise"),
    *("-p", "no:debugging", "-p", "no:faulthandler", "-p", "no:pastebin", "-p", "no:setuponly"),
    *("-p", "no:threadexception", "-p", "no:unraisableexception", "-p", "no:warnings"),
    *("-p", "no:logging", "-p", "no:capture", "-p", "no:recwarn", "-p", "no:tmpdir"),
    *("-p", "no:monkeypatch", "-p", "no:legacypath", "-p", "no:subtests", "-p", "no:unittest"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of one run.

    Args:
        topic: the topic whose suite asks.
        seed: of the run's data.
        address: the host's address; `token` goes with it over TCP.
        folder: an empty folder for staging that the host sees too.
        tree: the learner's files.
        env: variables that every launch gets beside the lesson's own.
        controls: what a suite needs to hold the services that the lesson declares, by service.
        memory: a folder for what later runs need not find out again.
        ground: the folders of a host whose code nobody trusts.
    """

    topic: Topic
    seed: int
    address: dict[str, Any]
    token: str | None
    folder: Path
    tree: dict[str, bytes]
    env: dict[str, str] = field(default_factory=dict)
    controls: dict[str, dict[str, str]] = field(default_factory=dict)
    sandbox: str = "bare"
    memory: Path | None = None
    ground: Ground | None = None


def modules_of(lesson: Lesson, bugs: Bugs | None) -> tuple[str, ...]:
    """Name what the host imports once, before it launches the labs of a lesson."""
    services = (module for name in lesson.services for module in SERVICES[name].preload)
    tests = (*TESTS, *bugs.plugins) if bugs else ()
    return (*lesson.lab.preload, *services, *tests)


@contextmanager
def suite_run(
    catalog: Catalog,
    topic: Topic,
    order: Callable[[], Run],
    emit: Callable[[CheckResult], None] = lambda _: None,
    *,
    ahead: bool = False,
) -> Iterator[TopicReport]:
    """Ask the suite's questions, give the report, and end the lab after the block.

    Ending it takes both processors; a report that has left does not wait for them.

    Args:
        catalog: has the topic's lesson and suite.
        topic: the topic whose suite asks.
        order: gives what is to be judged; may wait for it.
        emit: receives each result as it comes.
        ahead: collect the suite first and ask for the order then; else launch, then collect.
    """
    lesson = catalog.lesson(topic)
    bugs = catalog.bugs(topic)
    receive = cache(order)
    began = 0.0

    def begin() -> tuple[Session, int]:
        nonlocal began
        run = receive()
        began = time.perf_counter()
        tree = {**run.tree, **bugs.given} if bugs else run.tree
        session = Session(
            run.address,
            run.token,
            run.folder,
            tree,
            lesson,
            env=run.env,
            controls=run.controls,
            memory=run.memory,
            ground=run.ground,
        )
        return session, run.seed

    plugin = JudgePlugin(lesson, begin, emit, bugs)
    with closing(plugin):
        if not ahead:
            plugin.begin()
        code, output = _run_pytest(catalog.rooms(topic).suite, plugin)
        run = receive()
        card, missing = plugin.card, plugin.card_verdict
        if card is None and code != pytest.ExitCode.OK:
            card = _suite_fault(code, plugin.collection_error or output)
        if card is None and (unasked := plugin.unasked):
            missing, card = Verdict.ERROR, _unasked(unasked)
        yield build_report(
            run.topic,
            lesson,
            plugin.results,
            seed=run.seed,
            seconds=time.perf_counter() - began if began else 0.0,
            missing=missing,
            card=card,
            sandbox=run.sandbox,
            versions=versions(),
        )


@cache
def _readied() -> Readied:
    return Readied(PYTEST_ARGUMENTS)


def _run_pytest(suite: Path, plugin: JudgePlugin | None) -> tuple[int, str]:
    output = io.StringIO()
    place = suite.parent  # folders around it are none of pytest's business, however full they are
    where = [f"--rootdir={place}", f"--confcutdir={place}", "-c", str(_ini())]
    arguments = [*PYTEST_ARGUMENTS, *where, str(suite)]
    readied = _readied().used() if plugin else fixtures_remembered()
    with redirect_stdout(output), redirect_stderr(output), readied:
        code = pytest.main(arguments, plugins=[plugin, plugin.fixtures] if plugin else [])
    return int(code), output.getvalue()


def _ini() -> Path:
    """Give the configuration file that keeps pytest from looking for one around the suite."""
    return Path(__file__).with_name("pytest.ini")


def _suite_fault(code: int, output: str) -> Card:
    return Card(
        kind=Kind.CHECKER,
        headline=f"The suite could not be run (pytest ended with code {code}).",
        why=("This is not your lab's fault.",),
        next_step="Run `checker doctor`, and report this with the details below.",
        detail=output[-4000:],
    )


def _unasked(bugs: list[str]) -> Card:
    return Card(
        kind=Kind.CHECKER,
        headline=f"The suite never asks whether the broken app {bugs[0]} is noticed.",
        why=("This is not your lab's fault.",),
        next_step="Report this.",
    )


@cache
def versions() -> dict[str, str]:
    """Give the versions that a verdict depends on."""
    names = ("fastapi", "starlette", "uvicorn", "pydantic")
    return {"python": sys.version.split()[0], **{name: version(name) for name in names}}


def timed_out(
    catalog: Catalog, run: Run, results: dict[str, CheckResult], seconds: float
) -> TopicReport:
    """Give the report of a run that did not end in time, with what was known by then."""
    card = Card(
        kind=Kind.TOPIC_TIMEOUT,
        headline=f"The whole topic took longer than its limit of {seconds:g} seconds.",
        next_step="Look for a request that waits for something that never comes.",
    )
    return build_report(
        run.topic,
        catalog.lesson(run.topic),
        results,
        seed=run.seed,
        seconds=seconds,
        missing=Verdict.TIMEOUT,
        card=card,
        sandbox=run.sandbox,
    )


def crashed(
    catalog: Catalog, run: Run, results: dict[str, CheckResult], detail: str
) -> TopicReport:
    """Give the report of a run whose judge process ended without one."""
    card = Card(
        kind=Kind.CHECKER,
        headline="The judge process ended without a report.",
        why=("This is not your lab's fault.",),
        next_step="Run the check again; if it happens again, run `checker doctor`.",
        detail=detail,
    )
    return build_report(
        run.topic,
        catalog.lesson(run.topic),
        results,
        seed=run.seed,
        seconds=0.0,
        missing=Verdict.ERROR,
        card=card,
        sandbox=run.sandbox,
    )


def faulted(
    catalog: Catalog, run: Run, results: dict[str, CheckResult], error: CheckerError
) -> TopicReport:
    """Give the report of a run that was spoilt by our fault or the environment's.

    Args:
        catalog: has the topic's lesson.
        run: what was asked for.
        results: what passed in spite of it; all else is an error.
        error: the fault.
    """
    card = fault_card(error)
    checks = [check for task in catalog.lesson(run.topic).tasks for check in task.checks]
    spoilt = {
        check.id: CheckResult(id=check.id, title=check.title, verdict=Verdict.ERROR, card=card)
        for check in checks
    }
    return build_report(
        run.topic,
        catalog.lesson(run.topic),
        {**spoilt, **results},
        seed=run.seed,
        seconds=0.0,
        card=card,
        sandbox=run.sandbox,
        versions=versions(),
    )


def warm_up() -> None:
    """Do once what every check does: run pytest, talk HTTP.

    In the warm judge it makes a forked check find all of it imported; in a fork that waits for its
    order it makes the memory that a check writes to the fork's own, which takes time as well.
    """
    import asyncio.events  # noqa: F401

    import httpcore  # noqa: F401

    import checker.judge.noting  # noqa: F401

    versions()
    no_tls()
    _readied()
    lab, judge = socket.socketpair()
    lab.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    with lab, httpx.Client(transport=LabTransport({}, judge), trust_env=False) as client:
        client.post("http://127.0.0.1/", json={}).json()
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder, "test_warm_up.py")
        suite.write_text("def test_warm_up() -> None:\n    assert 1 == 1\n")
        _run_pytest(suite, None)
