"""The warm judge: a process that has imported pytest, holds a host, and forks for each check.

Orders come as JSON lines on standard input, events leave as JSON lines on standard output:

    {"event": "ready"}
    <- {"topic": "5.1.2", "folder": DIR, "seed": 7, "env": {}}
    {"event": "report", "report": TopicReport}
    {"event": "fault", "message": ..., "remedy": ...} instead of a report

It ends, with the host, when standard input closes.
"""

import contextlib
import gc
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from checker.catalog import Catalog
from checker.errors import CheckerError
from checker.judge.one import CheckOrder, writer
from checker.judge.run import crashed, timed_out, warm_up
from checker.judge.worker import Event, ForkedWorker, SpawnedWorker, Worker
from checker.report import CheckResult, TopicReport
from checker.sandbox import HostProcess, start_host

GRACE_SECONDS = 1.0


class Server:
    """Serve checks one after another.

    Args:
        host: the host, which may still be starting.
        run_dir: the folder that judge and host share.
        sandbox: how the host was started, and is started again if it dies.
        start: fork or spawn, for judge and host alike; None takes what the system can.
    """

    def __init__(self, host: HostProcess, run_dir: Path, sandbox: str, start: str | None) -> None:
        self._host = host
        self._run_dir = run_dir
        self._sandbox = sandbox
        self._start = start
        self._fork = hasattr(os, "fork") and start != "spawn"
        self._count = 0
        self._catalog = Catalog()
        self._read_at: dict[str, tuple[float, ...]] = {}
        self._waiting: tuple[str, Catalog, ForkedWorker] | None = None
        self._say = writer(sys.stdout)

    def serve(self) -> None:
        """Warm up, say ready, and answer orders until there are no more."""
        if self._fork:
            warm_up()
            gc.disable()
            gc.collect()
            gc.freeze()
        self._host.wait_ready()
        self._say({"event": "ready"})
        try:
            for line in sys.stdin:
                order = json.loads(line)
                self._say(self._answer(order))
                self._sweep()
                self._wait_with(order["topic"])
        finally:
            self._dismiss()

    def _answer(self, order: dict[str, Any]) -> Event:
        try:
            return self._check(**order)
        except CheckerError as error:
            return {"event": "fault", "message": error.message, "remedy": error.remedy}

    def _check(self, topic: str, folder: str, seed: int, env: dict[str, str]) -> Event:
        self._revive_host()
        self._count += 1
        order = CheckOrder(
            topic=topic,
            folder=folder,
            seed=seed,
            staging=str(self._staging),
            address=dict(self._host.address),
            token=self._host.token,
            env=env,
            sandbox=self._sandbox,
        )
        catalog = self._fresh_catalog(topic)
        return self._follow(self._worker(order, catalog), order, catalog)

    def _worker(self, order: CheckOrder, catalog: Catalog) -> Worker:
        """Take the worker that waits for this very topic, else start one."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            topic, known, worker = waiting
            if topic == order.topic and known is catalog:
                with contextlib.suppress(BrokenPipeError):
                    worker.give(order)
                    return worker
            worker.end()
        if self._fork:
            return ForkedWorker(order.topic, catalog, order)
        return SpawnedWorker(order)

    def _wait_with(self, topic: str) -> None:
        """Let a worker collect the suite that was asked last: it is likely to be asked next."""
        if self._fork and self._waiting is None:
            with contextlib.suppress(CheckerError):
                catalog = self._fresh_catalog(topic)
                self._waiting = (topic, catalog, ForkedWorker(topic, catalog))

    def _dismiss(self) -> None:
        if self._waiting is not None:
            self._waiting[2].end()
            self._waiting = None

    def _follow(self, worker: Worker, order: CheckOrder, catalog: Catalog) -> Event:
        """Wait for the report; where none comes, build one from the results so far."""
        seconds = catalog.lesson(catalog.find(order.topic)).limits.topic
        said: list[dict[str, Any]] = []
        status = 0
        try:
            for event in worker.events(time.monotonic() + seconds + GRACE_SECONDS):
                if event["event"] != "result":
                    return event
                said.append(event["result"])
        except TimeoutError:
            return _report(timed_out(catalog, order.run(catalog, {}), _results(said), seconds))
        finally:
            status = worker.end()
        detail = f"The judge process ended with status {status}."
        return _report(crashed(catalog, order.run(catalog, {}), _results(said), detail))

    def _revive_host(self) -> None:
        if not self._host.alive:
            self._host.close()
            self._host = start_host(self._run_dir, sandbox=self._sandbox, start=self._start)
            self._host.wait_ready()

    def _fresh_catalog(self, topic: str) -> Catalog:
        """Give the catalog, read anew when the lesson or suite of `topic` has changed."""
        rooms = self._catalog.rooms(self._catalog.find(topic))
        stamp = tuple(
            path.stat().st_mtime for path in (rooms.lesson, rooms.suite) if path.is_file()
        )
        if self._read_at.setdefault(topic, stamp) != stamp:
            self._catalog = Catalog()
            self._read_at = {topic: stamp}
        self._catalog.lesson(self._catalog.find(topic))
        return self._catalog

    @property
    def _staging(self) -> Path:
        return self._run_dir / "labs" / str(self._count)

    def _sweep(self) -> None:
        """Remove what the last check staged, after its report has left."""
        shutil.rmtree(self._staging, ignore_errors=True)


def _results(said: list[dict[str, Any]]) -> dict[str, CheckResult]:
    results = map(CheckResult.model_validate, said)
    return {result.id: result for result in results}


def _report(report: TopicReport) -> dict[str, Any]:
    return {"event": "report", "report": report.model_dump(mode="json")}
