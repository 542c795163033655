"""One process for one check: forked from the warm judge, or spawned where there is no fork."""

import contextlib
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, NoReturn, Protocol

from checker.catalog import Catalog
from checker.judge.one import CheckOrder, judge, writer
from checker.judge.run import warm_up

BEGUN = "+"  # and the process id; neither begins a line of JSON
ENDED = "-"  # and the exit status
RELEASE_SECONDS = 2.0


class Worker(Protocol):
    """A process that judges one order."""

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield what it says until it ends; raise TimeoutError at `deadline` (monotonic clock)."""

    def end(self) -> int:
        """Kill it if it still runs, and give its exit status; again, the same."""


class _Fork:
    """A fork of this process with a pipe for orders and one for what it says.

    This process must have one thread only; the fork inherits all that is warm.

    Args:
        run: what the fork does with the pipes that it reads orders from and writes to.
        spare_bytes: how much more memory than now the fork may ask for; None sets no limit.
    """

    def __init__(self, run: Callable[[int, int], NoReturn], spare_bytes: int | None) -> None:
        orders, self._order = os.pipe()
        self._read, write = os.pipe()
        self._buffer = b""
        self._status: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._read)
            os.close(self._order)
            if spare_bytes is not None:
                _limit_memory(spare_bytes)
            run(orders, write)
        os.close(orders)
        os.close(write)

    def give(self, order: CheckOrder) -> None:
        """Hand over what is to be judged.

        Raises:
            BrokenPipeError: the fork has died.
        """
        os.write(self._order, order.to_json().encode() + b"\n")

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield the lines of the fork; BrokenPipeError says that nobody waits for them."""
        asker = sys.stdout.fileno()
        watched = select.poll()
        watched.register(self._read, select.POLLIN)
        watched.register(asker, 0)  # its end alone is told
        while True:
            while b"\n" in self._buffer:
                line, _, self._buffer = self._buffer.partition(b"\n")
                yield line.decode()
            ready = dict(watched.poll(max(0.0, deadline - time.monotonic()) * 1000))
            if not ready:
                raise TimeoutError
            if asker in ready:
                raise BrokenPipeError
            data = os.read(self._read, 1 << 16)
            if not data:
                return
            self._buffer += data

    def end(self) -> int:
        """Kill and reap the fork."""
        if self._status is None:
            os.close(self._read)
            os.close(self._order)
            os.kill(self._pid, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._status


class ForkedWorker(_Fork):
    """A fork for one order.

    Args:
        topic: the topic to judge.
        catalog: has its lesson and suite.
        order: what to judge; without it the fork collects the suite and waits until `give`.
        spare_bytes: see `_Fork`.
    """

    def __init__(
        self,
        topic: str,
        catalog: Catalog,
        order: CheckOrder | None = None,
        *,
        spare_bytes: int | None = None,
    ) -> None:
        super().__init__(
            lambda orders, write: _run_child(topic, catalog, order, orders, write), spare_bytes
        )


class CollectedSuite(_Fork):
    """A fork that has collected a suite, and forks once more for each order.

    Collecting is paid for once, for as many labs as are judged by the suite.
    """

    def __init__(self, topic: str, catalog: Catalog, *, spare_bytes: int | None = None) -> None:
        self._child: int | None = None
        super().__init__(
            lambda orders, write: _run_suite(topic, catalog, orders, write), spare_bytes
        )

    def lines(self, deadline: float) -> Iterator[str]:
        """Yield what the fork for the order says until it ends."""
        for line in super().lines(deadline):
            if line.startswith(BEGUN):
                self._child = int(line.removeprefix(BEGUN))
            elif line.startswith(ENDED):
                self._child = None
                return
            else:
                yield line

    def release(self) -> bool:
        """End the fork for the last order; tell whether the suite can take another one."""
        try:
            if self._child is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._child, signal.SIGKILL)
                for _ in self.lines(time.monotonic() + RELEASE_SECONDS):
                    continue
        except (TimeoutError, BrokenPipeError):
            return False
        return self._status is None and self._child is None


def _run_suite(topic: str, catalog: Catalog, orders: int, write: int) -> NoReturn:
    """Collect a suite; then let a fork go on with each order, and wait for its end."""

    @cache
    def receive() -> CheckOrder:
        for line in open(orders, "rb"):  # noqa: SIM115 - as long as the process
            pid = os.fork()
            if pid == 0:
                os.write(write, f"{BEGUN}{os.getpid()}\n".encode())
                return CheckOrder.from_json(line.decode())
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            os.write(write, f"{ENDED}{status}\n".encode())
        os._exit(0)

    _judge_and_exit(topic, catalog, receive, write, ahead=True)


def _run_child(
    topic: str, catalog: Catalog, order: CheckOrder | None, orders: int, write: int
) -> NoReturn:
    """Judge in the forked child; it ends unused when its parent does."""

    @cache
    def receive() -> CheckOrder:
        if order is not None:
            return order
        with open(orders, encoding="utf-8") as lines:
            return CheckOrder.from_json(lines.readline() or os._exit(0))

    if order is None:
        warm_up()
    _judge_and_exit(topic, catalog, receive, write, ahead=order is None)


def _judge_and_exit(
    topic: str, catalog: Catalog, receive: Callable[[], CheckOrder], write: int, *, ahead: bool
) -> NoReturn:
    status = 1
    try:
        with open(write, "w", encoding="utf-8") as out:
            judge(topic, receive, catalog, writer(out), ahead=ahead)
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def _limit_memory(spare: int) -> None:
    """Let what a lab makes this process take in end as a MemoryError of its own."""
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + spare
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


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
