"""The process that forks kernels: `python -m checker.authoring.forks`, started by `kernels`.

It has imported the kernel and what most lessons import, and runs nothing of theirs: whatever a cell
does happens in a process of its own. Standard input is a socket that brings one connection a
kernel. The kernel names itself over its connection, its exit code follows when it has ended, and
a connection that closes ends it. All of them end with standard input.
"""

import contextlib
import gc
import importlib
import importlib.util
import os
import select
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checker.host.processes import die_with_parent, kill_tree
from checker.host.wire import Wire

WARM = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "anyio._backends._asyncio",
    "fastapi.testclient",
    "fastapi.responses",
    "fastapi.security",
    "httpx",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.lifespan.on",
    "websockets.asyncio.client",
    "websockets.sync.client",
    "sqlalchemy.ext.asyncio",
    "openai",
    "redis",
    "pydantic_settings",
    "checker.notebook",
    "checker.judge.client",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a new process shall be: a kernel with these arguments, variables and folder."""

    arguments: list[str]
    env: dict[str, str]
    cwd: str

    @classmethod
    def parse(cls, message: dict[str, object]) -> "Order":
        """Read an order.

        Raises:
            TypeError: a field is missing, or there is one that no order has.
        """
        return cls(**message)  # type: ignore[arg-type]


class Forks:
    """Fork one process an order. Single-threaded: one poll loop."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._kernels: dict[int, tuple[socket.socket, int]] = {}
        self._poll = select.poll()
        self._wake, self._waker = socket.socketpair()

    def serve(self) -> Order | None:
        """Take orders; return one in each new process, and None in this one at the end."""
        for end in (self._wake, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for file in (self._control.fileno(), self._wake.fileno()):
            self._poll.register(file, select.POLLIN)
        while True:
            for file, _ in self._poll.poll():
                if file == self._control.fileno():
                    _, files, _, _ = socket.recv_fds(self._control, 1, 1)
                    if not files:
                        self._end()
                        return None
                    if order := self._fork(socket.socket(fileno=files[0])):
                        return order
                elif file == self._wake.fileno():
                    self._wake.recv(4096)
                elif file in self._kernels:
                    self._poll.unregister(file)
                    kill_tree(self._kernels[file][1])
            self._reap()

    def _fork(self, connection: socket.socket) -> Order | None:
        """Make the process that was ordered; the order is returned there alone."""
        connection.set_inheritable(False)
        message = Wire.over_socket(connection).receive()
        if message is None:
            connection.close()
            return None
        order, parent = Order.parse(message), os.getpid()
        pid = os.fork()
        if pid == 0:
            self._let_go(parent)
            Wire.over_socket(connection).send({"pid": os.getpid()})
            connection.close()
            return order
        self._kernels[connection.fileno()] = (connection, pid)
        self._poll.register(connection.fileno(), select.POLLIN)
        return None

    def _let_go(self, parent: int) -> None:
        """Part a new process from this one, but for its end."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with_parent()
        if os.getppid() != parent:
            os._exit(1)
        for end in (self._control, self._wake, self._waker):
            end.close()
        for connection, _ in self._kernels.values():
            connection.close()
        nothing = os.open(os.devnull, os.O_RDONLY)  # becomes 0, which is free, as a rule
        if nothing != 0:
            os.dup2(nothing, 0)
            os.close(nothing)
        os.set_inheritable(0, True)

    def _reap(self) -> None:
        """Tell of the kernels that ended, and end what they left in their groups."""
        for file, (connection, pid) in list(self._kernels.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            with contextlib.suppress(KeyError):
                self._poll.unregister(file)
            del self._kernels[file]
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            Wire.over_socket(connection).send({"code": os.waitstatus_to_exitcode(status)})
            connection.close()

    def _end(self) -> None:
        """End all kernels and wait for them."""
        signal.set_wakeup_fd(-1)
        for end in (self._control, self._wake, self._waker):
            end.close()
        for _, pid in self._kernels.values():
            kill_tree(pid)
        for _, pid in self._kernels.values():
            os.waitpid(pid, 0)


def warm_up(names: Iterable[str] = WARM) -> str | None:
    """Import what kernels need; say what speaks against forking them, if anything does.

    A cell must see what it would see in an interpreter of its own: a warning that is issued when a
    module is imported could not appear there any more.
    """
    seen: list[str] = []

    def see(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        seen.append(f"{category.__name__}: {message}")

    shown, warnings.showwarning = warnings.showwarning, see
    try:
        for name in names:
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(name)
    finally:
        warnings.showwarning = shown
    if seen:
        return seen[0]
    if threading.active_count() != 1:
        return f"threads are running: {threading.enumerate()}"
    gc.collect()
    gc.freeze()
    return None


def become_kernel(order: Order, made: dict[str, str]) -> None:
    """Be the kernel that was ordered, as if this interpreter had been started for it.

    Args:
        order: what to be.
        made: the variables that the imports set, as they would in the kernel.
    """
    os.environ.clear()
    os.environ.update(order.env | made, JPY_PARENT_PID=str(os.getppid()))
    time.tzset()
    os.chdir(order.cwd)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv[:] = [str(launcher and launcher.origin), *order.arguments]
    kernelapp = importlib.import_module("ipykernel.kernelapp")
    kernelapp.launch_new_instance(parent_handle=os.getppid())


def main() -> None:
    """Warm up, then fork kernels until standard input closes."""
    if Path(sys.path[0]) == Path.cwd():  # put there by `-m`
        del sys.path[0]
    control, given = socket.socket(fileno=0), dict(os.environ)
    if trouble := warm_up():
        sys.stderr.write(f"Each notebook gets an interpreter of its own: {trouble}\n")
        sys.exit(1)
    if order := Forks(control).serve():
        become_kernel(order, {n: v for n, v in os.environ.items() if given.get(n) != v})


if __name__ == "__main__":
    main()
