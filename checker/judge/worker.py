"""One process for one check: forked from the warm judge, or spawned where there is no fork."""

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import IO, Protocol

from checker.catalog import Catalog
from checker.judge.one import CheckOrder, judge, writer
from checker.judge.run import warm_up


class Worker(Protocol):
    """A process that judges one order."""

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield what it says until it ends; raise TimeoutError at `deadline` (monotonic clock)."""

    def end(self) -> int:
        """Kill it if it still runs, and give its exit status; again, the same."""


class ForkedWorker:
    """A fork of this process, which must have one thread only. It inherits all that is warm.

    Args:
        topic: the topic to judge.
        catalog: has its lesson and suite.
        order: what to judge; without it the fork collects the suite and waits until `give`.
    """

    def __init__(self, topic: str, catalog: Catalog, order: CheckOrder | None = None) -> None:
        orders, self._order = os.pipe()
        self._read, write = os.pipe()
        self._buffer = b""
        self._status: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._read)
            os.close(self._order)
            _run_child(topic, catalog, order, orders, write)
        os.close(orders)
        os.close(write)

    def give(self, order: CheckOrder) -> None:
        """Hand a waiting fork what it is to judge.

        Raises:
            BrokenPipeError: it has died.
        """
        os.write(self._order, order.to_json().encode() + b"\n")

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield the lines of the child; BrokenPipeError says that nobody waits for them."""
        asker = sys.stdout.fileno()
        watched = select.poll()
        watched.register(self._read, select.POLLIN)
        watched.register(asker, 0)  # its end alone is told
        while True:
            ready = dict(watched.poll(max(0.0, deadline - time.monotonic()) * 1000))
            if not ready:
                raise TimeoutError
            if asker in ready:
                raise BrokenPipeError
            data = os.read(self._read, 1 << 16)
            if not data:
                return
            *lines, self._buffer = (self._buffer + data).split(b"\n")
            yield from map(bytes.decode, lines)

    def end(self) -> int:
        """Kill and reap the child."""
        if self._status is None:
            os.close(self._read)
            os.close(self._order)
            os.kill(self._pid, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status


def _run_child(
    topic: str, catalog: Catalog, order: CheckOrder | None, orders: int, write: int
) -> None:
    """Judge in the forked child, which never returns; it ends unused when its parent does."""

    @cache
    def receive() -> CheckOrder:
        if order is not None:
            return order
        with open(orders, encoding="utf-8") as lines:
            return CheckOrder.from_json(lines.readline() or os._exit(0))

    status = 1
    try:
        if order is None:
            warm_up()
        with open(write, "w", encoding="utf-8") as out:
            judge(topic, receive, catalog, writer(out), ahead=order is None)
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


class SpawnedWorker:
    """A new interpreter; slower, and available everywhere."""

    def __init__(self, order: CheckOrder) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "checker.judge", "--one"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(order.to_json() + "\n")
        self._process.stdin.close()

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield the lines of the new process."""
        lines: queue.Queue[str] = queue.Queue()
        assert self._process.stdout is not None
        reader = threading.Thread(target=_pump, args=(self._process.stdout, lines), daemon=True)
        reader.start()
        while True:
            try:
                line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
            if not line:
                return
            yield line.rstrip("\n")

    def end(self) -> int:
        """Kill and reap the process."""
        self._process.kill()
        return self._process.wait()


def _pump(source: IO[str], target: "queue.Queue[str]") -> None:
    for line in source:
        target.put(line)
    target.put("")
