"""A keeper: the process that starts one service, resets it between checks, and ends it.

It speaks JSON lines. Having started the service it says ready; then it answers each order:

    {"event": "ready"}
    <- {"op": "reset"}      {"event": "reset", "env": {...}, "control": {...}, "ports": [...]}
    <- {"op": "ping"}       {"event": "pong"}
    <- {"op": "renew"}      {"event": "renewed"}
    {"event": "fault", "message": ..., "remedy": ...} instead of any of these, and when it dies

The end of standard input ends the service, so that it never outlives whoever asked for it; on
Linux the kernel ends the keeper with its parent, too, and the service with its keeper.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from checker.errors import CheckerError, EnvironmentFaultError
from checker.host.bridge import lead_to_port
from checker.host.processes import die_with_parent
from checker.services.address import Address

PATIENCE_SECONDS = 20.0


class Service(ABC):
    """One service, seen from its keeper. All methods run on the keeper's event loop."""

    @abstractmethod
    async def start(self, folder: Path) -> None:
        """Start it, or reach the one whose address the user has set.

        Args:
            folder: an empty folder that ends with the keeper.

        Raises:
            EnvironmentFaultError: it cannot be had; the remedy names the variable to set.
        """

    @abstractmethod
    async def reset(self) -> Address:
        """Make it as good as new, and say where it is."""

    async def renew(self) -> None:  # noqa: B027 - a reset is enough for some
        """Leave no trace of whoever used it, not even of one with all the rights that labs get.

        Where that takes a new server, `ended` is asked again afterwards.
        """

    @abstractmethod
    async def ping(self) -> None:
        """Ask it something; any exception says that it does not answer."""

    async def ended(self) -> EnvironmentFaultError:
        """Wait until it ends by itself, and say how; for ever when that is not ours to see."""
        never: asyncio.Future[EnvironmentFaultError] = asyncio.get_running_loop().create_future()
        return await never

    async def stop(self) -> None:  # noqa: B027 - not every service has something to stop
        """End it."""


class Doors:
    """Sockets that lead to the ports of a service, for whoever cannot reach the ports.

    Args:
        folder: where they lie; None opens none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[int, asyncio.Server] = {}

    async def open(self, ports: Iterable[int]) -> None:
        """Open a socket for each port that has none."""
        for port in ports:
            if self._folder is not None and port not in self._open:
                path = self._folder / f"{port}.sock"
                self._open[port] = await lead_to_port(path, port)
                path.chmod(0o666)  # whoever sees the folder, which is in one sandbox, may use it


def run(service: Service, doors: Path | None = None) -> int:
    """Keep a service until standard input ends; give the exit code of the keeper.

    Args:
        service: what to keep.
        doors: a folder for sockets `<port>.sock` that lead to the service's ports.
    """
    die_with_parent(signal.SIGTERM)
    with tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True) as folder:
        try:
            asyncio.run(_keep(service, Path(folder), Doors(doors)))
        except CheckerError as error:
            _say_fault(error)
            return error.exit_code
    return 0


async def _keep(service: Service, folder: Path, doors: "Doors") -> None:
    orders = _orders()
    try:
        starting = asyncio.ensure_future(service.start(folder))
        first = asyncio.ensure_future(orders.get())
        either: set[asyncio.Future[Any]] = {starting, first}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if first.done() and not first.result():
            starting.cancel()
            return
        await _patiently(starting)
        _say({"event": "ready"})
        await _obey(service, orders, first, doors)
    finally:
        await service.stop()


async def _patiently(starting: "asyncio.Future[None]") -> None:
    try:
        await asyncio.wait_for(starting, PATIENCE_SECONDS)
    except TimeoutError as error:
        raise EnvironmentFaultError(
            f"It did not come up within {PATIENCE_SECONDS:g} seconds.",
            "Run the command again when the machine is less busy; `checker doctor` examines it.",
        ) from error


async def _obey(
    service: Service,
    orders: "asyncio.Queue[str]",
    first: "asyncio.Future[str]",
    doors: "Doors",
) -> None:
    """Answer orders until there are no more; raise the fault of a service that ends by itself."""
    end = asyncio.ensure_future(service.ended())
    order = first
    while True:
        either: set[asyncio.Future[Any]] = {order, end}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if end.done():
            raise end.result()
        line = order.result()
        if not line:
            end.cancel()
            return
        op = json.loads(line)["op"]
        if op == "renew":
            end.cancel()
            await _patiently(asyncio.ensure_future(service.renew()))
            end = asyncio.ensure_future(service.ended())
            _say({"event": "renewed"})
        else:
            await _answer(service, op, end, doors)
        order = asyncio.ensure_future(orders.get())


async def _answer(
    service: Service, op: str, end: "asyncio.Future[EnvironmentFaultError]", doors: "Doors"
) -> None:
    try:
        if op == "reset":
            address = await service.reset()
            await doors.open(address.ports)
            _say({"event": "reset", **address.line()})
        else:
            await service.ping()
            _say({"event": "pong"})
    except CheckerError as error:
        _say_fault(error)
    except Exception as error:
        await asyncio.wait({end}, timeout=1.0)
        if end.done():
            raise end.result() from error
        said = f"{type(error).__name__}: {error}"
        _say_fault(EnvironmentFaultError(f"It does not answer as it should ({said}).", ""))


def _orders() -> "asyncio.Queue[str]":
    """Read standard input beside the loop; the end of it, and SIGTERM, give an empty line."""
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        buffer = b""
        with contextlib.suppress(RuntimeError):  # the loop has ended before us
            while data := os.read(0, 65536):
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(orders.put_nowait, line.decode())
            loop.call_soon_threadsafe(orders.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, orders.put_nowait, "")
    return orders


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _say_fault(error: CheckerError) -> None:
    _say({"event": "fault", "message": error.message, "remedy": error.remedy})
