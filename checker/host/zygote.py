"""The host process that forks one process a launch. Single-threaded: one poll loop."""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .child import run_order
from .listening import Listener
from .orders import Order, OrderError, completed, parse_order
from .processes import end_strays, kill_tree
from .results import clean_up, done_line, exit_line
from .standby import Reserve
from .surroundings import detach
from .warm import preload
from .wire import Wire, decode, encode

LONGEST_ORDER = 4_000_000
HANG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP


@dataclass(slots=True)
class Job:
    """A launched process and the connection that ordered it."""

    order: Order
    connection: socket.socket
    pid: int
    deadline: float | None
    timed_out: bool = False
    ending: bool = False


class Zygote:
    """Serve orders until standard input closes or SIGTERM comes, then end all that was started.

    Args:
        listener: where orders come in.
        run_dir: the host's folder.
        transport: how launches listen.
        reserve: whether to prepare the next launch while there is nothing to do.
    """

    def __init__(
        self, listener: Listener, run_dir: Path, transport: str, *, reserve: bool = True
    ) -> None:
        self._listener = listener
        self._run_dir = run_dir
        self._transport = transport
        self._number = 0
        self._ended = False
        self._greetings: dict[int, tuple[socket.socket, bytearray]] = {}
        self._jobs: dict[int, Job] = {}
        self._poll = select.poll()
        self._wake, self._waker = socket.socketpair()
        self._reserve = Reserve(run_dir, transport, self._let_go, idle=not reserve)

    def serve(self) -> None:
        """Run the loop."""
        self._waker.setblocking(False)
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._leave)
        for file in (0, self._wake.fileno(), self._listener.socket.fileno()):
            self._poll.register(file, select.POLLIN)
        self._reserve.wait_for_quiet()
        while self._turn() and not self._ended:
            self._reap()
            self._expire()
            self._reserve.work()
        self._reserve.discard()
        for job in list(self._jobs.values()):
            self._end(job)
            os.waitpid(job.pid, 0)
            clean_up(job.order)
        end_strays(())

    def _leave(self, *_: object) -> None:
        self._ended = True

    def _turn(self) -> bool:
        """Wait for something and handle it; False when the parent is gone."""
        for file, _ in self._poll.poll(self._patience()):
            if file == 0:
                if not os.read(0, 4096):
                    return False
            elif file == self._wake.fileno():
                self._wake.recv(4096)
            elif file == self._listener.socket.fileno():
                self._accept()
            elif file in self._greetings:
                self._greet(file)
            elif file in self._jobs:
                self._end(self._jobs[file])
        return True

    def _patience(self) -> float | None:
        times = [job.deadline for job in self._jobs.values()] + [self._reserve.due]
        deadlines = [deadline for deadline in times if deadline is not None]
        if not deadlines:
            return None
        return max(0.0, min(deadlines) - time.monotonic()) * 1000 + 1

    def _accept(self) -> None:
        connection, _ = self._listener.socket.accept()
        connection.setblocking(False)
        self._greetings[connection.fileno()] = (connection, bytearray())
        self._poll.register(connection.fileno(), select.POLLIN)

    def _greet(self, file: int) -> None:
        """Read more of an order line; carry the order out once it is whole."""
        connection, buffer = self._greetings[file]
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        buffer += data
        whole = buffer.find(b"\n")
        if data and whole < 0 and len(buffer) < LONGEST_ORDER:
            return
        del self._greetings[file]
        self._poll.unregister(file)
        connection.setblocking(True)
        if whole < 0:
            connection.close()
            return
        line, rest = bytes(buffer[:whole]), bytes(buffer[whole + 1 :])
        try:
            self._order(line, rest, connection)
        except Exception as error:  # noqa: BLE001  # an order must never end the host
            self._say(connection, {"event": "error", "message": f"{error}"})
            connection.close()

    def _order(self, line: bytes, rest: bytes, connection: socket.socket) -> None:
        message = decode(line)
        if not self._listener.admits(message):
            raise OrderError("the token is wrong")
        self._number += 1
        order = parse_order(
            message, number=self._number, run_dir=self._run_dir, transport=self._transport
        )
        if order.op == "preload":
            if missing := [name for name in order.modules if name not in sys.modules]:
                self._reserve.discard()
                preload(missing)
            self._say(connection, {"event": "done"})
            connection.close()
        else:
            fits = order.op != "doors"
            whole = completed(message, order)
            pid = self._reserve.hand_over(whole, connection, rest) if fits else None
            self._follow(order, connection, pid or self._fork(order, connection, rest))
        self._reserve.wait_for_quiet()

    def _fork(self, order: Order, connection: socket.socket, rest: bytes) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become(order, connection, rest)
        return pid

    def _follow(self, order: Order, connection: socket.socket, pid: int) -> None:
        deadline = None if order.timeout is None else time.monotonic() + order.timeout
        self._jobs[connection.fileno()] = Job(order, connection, pid, deadline)
        self._poll.register(connection.fileno(), HANG_UP)

    def _become(self, order: Order, connection: socket.socket, rest: bytes) -> NoReturn:
        try:
            self._let_go()
            detach()
            run_order(order, Wire.over_socket(connection, rest))
        finally:
            os._exit(70)

    def _let_go(self) -> None:
        """Close in a new process whatever belongs to the host or to other launches."""
        signal.set_wakeup_fd(-1)
        self._listener.socket.close()
        self._wake.close()
        self._waker.close()
        self._reserve.let_go()
        for other, _ in self._greetings.values():
            other.close()
        for job in self._jobs.values():
            job.connection.close()

    def _reap(self) -> None:
        """Notice the processes that ended, launches and others."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            job = next((job for job in self._jobs.values() if job.pid == pid), None)
            if job is not None:
                self._finish(job, os.waitstatus_to_exitcode(status))
            else:
                self._reserve.ended(pid)

    def _expire(self) -> None:
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job.deadline is not None and now >= job.deadline:
                job.timed_out = True
                self._end(job)

    def _end(self, job: Job) -> None:
        """Kill a launch; its last line and the rest of its tree follow when it is dead."""
        job.deadline = None
        if not job.ending:
            job.ending = True
            self._poll.unregister(job.connection.fileno())
            kill_tree(job.pid)

    def _finish(self, job: Job, code: int) -> None:
        """Write the last line of a launch whose process has ended, after the rest of its tree."""
        file = job.connection.fileno()
        del self._jobs[file]
        if not job.ending:
            self._poll.unregister(file)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(job.pid, signal.SIGKILL)
        end_strays({other.pid for other in self._jobs.values()} | self._reserve.pids())
        if job.order.op in ("run", "test"):
            self._say(job.connection, done_line(job.order, code, timed_out=job.timed_out))
        else:
            self._say(job.connection, exit_line(code))
        job.connection.close()
        clean_up(job.order)
        self._reserve.wait_for_quiet()

    def _say(self, connection: socket.socket, message: dict[str, object]) -> None:
        """Send a line without ever waiting long for a reader."""
        connection.settimeout(1.0)
        with contextlib.suppress(OSError):
            connection.sendall(encode(message))
