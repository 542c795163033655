"""The warm judge: a process that has imported pytest, holds a host, and forks for each check.

Orders come as JSON lines on standard input, events leave as JSON lines on standard output:

    {"event": "ready"}
    {"event": "level", "level": SandboxLevel} before it
    <- {"topic": "5.1.2", "folder": DIR, "seed": 7, "env": {}}
    {"event": "report", "report": TopicReport}
    {"event": "fault", "message": ..., "remedy": ...} instead of a report
    <- {"op": "renew"} which nothing answers

It ends, with the host, when standard input closes.
"""

import contextlib
import gc
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from checker.catalog import Catalog
from checker.errors import CheckerError, EnvironmentFaultError
from checker.files import clear_away
from checker.judge.attribution import attributed, remarked
from checker.judge.control import ConnectionEnded, Control, HostGoneError, Line
from checker.judge.guard import held
from checker.judge.lines import (
    READY,
    error_line,
    is_result,
    read_report,
    read_result,
    report_line,
)
from checker.judge.memory import forget_all, forget_some
from checker.judge.one import CheckOrder, writer
from checker.judge.run import crashed, faulted, modules_of, timed_out, warm_up
from checker.judge.worker import CollectedSuite, ForkedWorker, SpawnedWorker, Worker
from checker.report import CheckResult, Verdict
from checker.sandbox.cells import Cells
from checker.sandbox.process import HostProcess
from checker.services.address import Address
from checker.services.registry import SERVICES
from checker.services.running import Services, merged, preload

GRACE_SECONDS = 1.0
DOOR_SECONDS = 5.0
MOST_SUITES = 100
ANSWER_SECONDS = 2.0
IMPORT_SECONDS = 45.0  # less than the client's patience
WORKER_BYTES = 1 << 30


class Server:
    """Serve checks one after another.

    Args:
        cells: have the host, which may still be starting, and start it again if it dies.
        memory: a folder for the results of trials, which the host does not see.
        grading: many labs are judged by the same suites, each once; else one lab again and again.
    """

    def __init__(self, cells: Cells, memory: Path, *, grading: bool = False) -> None:
        self._cells = cells
        self._grading = grading
        self._fork = hasattr(os, "fork") and cells.plan.start != "spawn"
        self._count = 0
        self._used = False
        self._catalog = Catalog()
        self._read_at: dict[str, tuple[float, ...]] = {}
        self._topic: str | None = None
        self._waiting: tuple[str, Catalog, ForkedWorker] | None = None
        self._asked: set[str] = set()
        self._suites: dict[str, tuple[Catalog, CollectedSuite]] = {}
        self._doors = cells.plan.doors
        self._services = Services(self._doors)
        self._staging = cells.cell.labs
        self._opened: dict[frozenset[int], Control] = {}
        self._imported: set[str] = set()
        self._memory = memory
        self._say = writer(sys.stdout)

    def serve(self) -> None:
        """Warm up, say ready, and answer orders until there are no more."""
        if self._fork:
            warm_up()
            gc.disable()
            gc.collect()
            gc.freeze()
        self._cells.wait_ready()
        self._say(READY)
        try:
            for line in sys.stdin:
                order = json.loads(line)
                if order.get("op") == "renew":
                    self._renew()
                    continue
                self._answer(order)
                self._sweep()
                self._wait_with(order["topic"])
        except BrokenPipeError:
            return  # whoever asked was killed
        finally:
            self._dismiss()
            self._services.close()

    def _answer(self, order: dict[str, Any]) -> None:
        try:
            self._check(**order)
        except CheckerError as error:
            self._say(error_line(error))

    @property
    def _host(self) -> HostProcess:
        return self._cells.cell.host

    def _renew(self) -> None:
        """Go on in a cell that nobody has used, and forget what the last one could have told."""
        if not self._used:
            return
        self._used = False
        self._renew_cell()
        self._services.renew()
        forget_all(self._memory)

    def _check(self, topic: str, folder: str, seed: int, env: dict[str, str]) -> None:
        self._revive_host()
        self._cells.cell.overruns()
        self._count += 1
        self._used = True
        self._staging = self._new_staging()
        catalog = self._fresh_catalog(topic)
        order = CheckOrder(
            topic=topic,
            folder=folder,
            seed=seed,
            staging=str(self._staging),
            address=dict(self._host.address),
            token=self._host.token,
            env=env,
            sandbox=self._cells.plan.sandbox,
            memory=str(self._memory),
            **self._ground(),
        )
        found = catalog.find(topic)
        names = catalog.lesson(found).services
        modules = modules_of(catalog.lesson(found), catalog.bugs(found))
        try:
            order = self._with_services(order, names)
            self._have_imported(modules)
        except EnvironmentFaultError as error:
            self._say(report_line(faulted(catalog, order.run(catalog, {}), {}, error)))
            return
        self._cells.learn(modules)
        worker = self._worker(order, catalog)
        self._cells.look_ahead()
        try:
            line = self._follow(worker, order, catalog)
            line = self._unless_spoilt(line, order, catalog, names)
            if self._cells.guarded:
                overruns = self._cells.cell.overruns()
                run = order.run(catalog, {})
                line = attributed(line, run, catalog, overruns, lambda: not self._answers())
                line = remarked(line, self._cells.cell.attempts())
            self._say(line)
        finally:
            self._part_from(worker, topic)

    def _with_services(self, order: CheckOrder, names: tuple[str, ...]) -> CheckOrder:
        """Make the lesson's services ready, and say in the order where they are.

        Raises:
            EnvironmentFaultError: one of them cannot be had.
        """
        if not names:
            return order
        addresses = self._services.prepare(names)
        if self._doors is not None:
            _require_ports(addresses)
        self._open_doors(frozenset(port for one in addresses.values() for port in one.ports))
        preload(names)
        controls = {name: dict(address.control) for name, address in addresses.items()}
        return replace(order, env={**merged(addresses), **order.env}, controls=controls)

    def _open_doors(self, ports: frozenset[int]) -> None:
        """Lead ports inside of the host's sandbox to the services; they stay as long as the host.

        Raises:
            EnvironmentFaultError: the host does not open them.
        """
        missing = ports.difference(*self._opened)
        if self._doors is None or not missing:
            return
        control = self._connect()
        doors = {str(port): str(self._doors / f"{port}.sock") for port in missing}
        control.send({"op": "doors", "doors": doors})
        try:
            said = control.receive(DOOR_SECONDS)
        except (TimeoutError, ConnectionEnded) as error:
            said = {"message": str(error) or "it took too long"}
        if said.get("event") != "ready":
            raise EnvironmentFaultError(
                f"The sandbox has no way to the services ({said.get('message')}).",
                "Run the check again; if it happens again, run `checker doctor`.",
            )
        self._opened[missing] = control

    def _connect(self) -> Control:
        """Open a connection to the host, whatever lies where its socket was.

        Raises:
            HostGoneError: it is not there.
        """
        root = self._cells.cell.run_dir if self._cells.guarded else None
        try:
            address, file = held(self._host.address, root)
        except OSError as error:
            raise HostGoneError(str(error)) from error
        try:
            return Control(address, self._host.token)
        finally:
            if file is not None:
                os.close(file)

    def _ground(self) -> dict[str, Any]:
        """Tell the worker where it must be careful."""
        if not self._cells.guarded:
            return {}
        return {"run_dir": str(self._cells.cell.run_dir), "owner": self._cells.cell.owner}

    def _unless_spoilt(
        self, line: str, order: CheckOrder, catalog: Catalog, names: tuple[str, ...]
    ) -> str:
        """Give the line, or an `error` report when it may tell of a service that broke down."""
        report = read_report(line) if names else None
        if report is None or report.verdict is Verdict.PASSED:
            return line
        trouble = self._services.trouble(names)
        if trouble is None:
            return line
        checks = [check for task in report.tasks for check in task.checks]
        passed = {check.id: check for check in checks if check.verdict is Verdict.PASSED}
        return report_line(faulted(catalog, order.run(catalog, {}), passed, trouble))

    def _worker(self, order: CheckOrder, catalog: Catalog) -> Worker:
        """Take the worker that waits for this very topic, else start one."""
        known, suite = self._suites.get(order.topic, (None, None))
        if suite is not None:
            with contextlib.suppress(BrokenPipeError):
                if known is catalog:
                    suite.give(order)
                    return suite
            self._drop_suite(order.topic)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            topic, its_catalog, worker = waiting
            if topic == order.topic and its_catalog is catalog:
                with contextlib.suppress(BrokenPipeError):
                    worker.give(order)
                    return worker
            worker.end()
        if self._fork:
            return ForkedWorker(order.topic, catalog, order, spare_bytes=self._spare_bytes)
        return SpawnedWorker(order)

    @property
    def _spare_bytes(self) -> int | None:
        return WORKER_BYTES if self._cells.guarded else None

    def _wait_with(self, topic: str) -> None:
        """Let a worker collect a suite that was asked twice: it is likely to be asked next."""
        if self._grading and self._fork:
            self._keep_suite(topic)
            return
        again, self._topic = topic == self._topic, topic
        if self._fork and again and self._waiting is None:
            with contextlib.suppress(CheckerError):
                catalog = self._fresh_catalog(topic)
                worker = ForkedWorker(topic, catalog, spare_bytes=self._spare_bytes)
                self._waiting = (topic, catalog, worker)

    def _keep_suite(self, topic: str) -> None:
        """Collect a suite for good when it was asked for the second time."""
        if topic in self._asked and topic not in self._suites:
            while len(self._suites) >= MOST_SUITES:
                self._drop_suite(next(iter(self._suites)))
            with contextlib.suppress(CheckerError):
                catalog = self._fresh_catalog(topic)
                suite = CollectedSuite(topic, catalog, spare_bytes=self._spare_bytes)
                self._suites[topic] = (catalog, suite)
        self._asked.add(topic)

    def _drop_suite(self, topic: str) -> None:
        self._suites.pop(topic)[1].end()

    def _part_from(self, worker: Worker, topic: str) -> None:
        """End a worker; a suite that is still sound stays."""
        if not isinstance(worker, CollectedSuite):
            worker.end()
        elif not worker.release():
            self._drop_suite(topic)

    def _dismiss(self) -> None:
        for topic in list(self._suites):
            self._drop_suite(topic)
        if self._waiting is not None:
            self._waiting[2].end()
            self._waiting = None

    def _follow(self, worker: Worker, order: CheckOrder, catalog: Catalog) -> str:
        """Give the line of the report; where none comes, build one from the results so far."""
        seconds = catalog.lesson(catalog.find(order.topic)).limits.topic
        said: dict[str, CheckResult] = {}
        try:
            for line in worker.lines(time.monotonic() + seconds + GRACE_SECONDS):
                if not is_result(line):
                    return line
                result = read_result(line)
                said[result.id] = result
            detail = f"The judge process ended with status {worker.end()}."
            report = crashed(catalog, order.run(catalog, {}), said, detail)
        except TimeoutError:
            report = timed_out(catalog, order.run(catalog, {}), said, seconds)
        return report_line(report)

    def _revive_host(self) -> None:
        """Begin a new cell when the host has died; one of untrusted code must answer as well."""
        if self._answers() if self._cells.guarded else self._host.alive:
            self._cells.wait_ready()
            return
        self._renew_cell()
        self._cells.wait_ready()

    def _renew_cell(self) -> None:
        self._opened, self._imported = {}, set()
        self._cells.renew()

    def _answers(self) -> bool:
        """Ask the host to do nothing: what it ran before may have stopped or replaced it."""
        if not self._host.alive:
            return False
        self._cells.wait_ready()
        try:
            return self._ask_to_import((), ANSWER_SECONDS).get("event") == "done"
        except (HostGoneError, ConnectionEnded, TimeoutError):
            return False

    def _have_imported(self, modules: Iterable[str]) -> None:
        """Let the host import what labs need; however long it takes, it is not a learner's time.

        Raises:
            HostGoneError: the host does not come to an end of it.
            EnvironmentFaultError: something is not installed, or does not load.
        """
        missing = [name for name in modules if name not in self._imported]
        if not missing:
            return
        try:
            said = self._ask_to_import(missing, IMPORT_SECONDS)
        except (ConnectionEnded, TimeoutError) as error:
            raise HostGoneError(str(error) or "no answer") from error
        if said.get("event") != "done":
            raise EnvironmentFaultError(
                f"What this topic's labs need cannot be imported ({said.get('message')}).",
                "Run `checker doctor`: it names what is not installed.",
            )
        self._imported.update(missing)

    def _ask_to_import(self, modules: Iterable[str], seconds: float) -> Line:
        with contextlib.closing(self._connect()) as control:
            control.send({"op": "preload", "modules": list(modules)})
            return control.receive(seconds)

    def _fresh_catalog(self, topic: str) -> Catalog:
        """Give the catalog, read anew when the lesson, suite or bugs of `topic` has changed."""
        rooms = self._catalog.rooms(self._catalog.find(topic))
        paths = (rooms.lesson, rooms.suite, rooms.bugs)
        stamp = tuple(path.stat().st_mtime for path in paths if path.is_file())
        if self._read_at.setdefault(topic, stamp) != stamp:
            self._catalog = Catalog()
            self._read_at = {topic: stamp}
        self._catalog.lesson(self._catalog.find(topic))
        return self._catalog

    def _new_staging(self) -> Path:
        """Name the next folder of labs; nobody can guess it and lay something in its place."""
        return self._cells.cell.labs / f"{self._count}-{secrets.token_hex(4)}"

    def _sweep(self) -> None:
        """Remove what the last check staged, after its report has left."""
        clear_away(self._staging)
        forget_some(self._memory)


def _require_ports(addresses: Mapping[str, Address]) -> None:
    """Raise a fault that names the variable when a service is not on this machine's loopback."""
    for name, address in addresses.items():
        if not address.ports:
            variable = SERVICES[name].variables[0]
            raise EnvironmentFaultError(
                f"The sandbox does not reach the address of {variable}.",
                f"Unset {variable}, let it name a port of 127.0.0.1, or check without `--sandbox`.",
            )
