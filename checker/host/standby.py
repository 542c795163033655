"""A process forked ahead of need, so that a launch waits neither for the fork nor for page faults.

It belongs to nobody yet: it has left the host's session, keeps no file of the host's but its end of
a socket pair, has touched the pages that launches touch, and waits for an order and its connection.
Which pages these are is found out by one rehearsal, after the host has practised what apps do.
"""

import contextlib
import gc
import json
import os
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from .child import run_order
from .orders import Order, read_order
from .pages import Pages, touch
from .processes import kill_tree
from .rehearsal import prepare, rehearse, tidy
from .surroundings import detach
from .warm import freeze, practise
from .wire import Wire, encode

CHUNK = 65536
PATIENCE = 1.0
QUIET = 0.03
ROUNDS = 12
FIRST = 0.5  # from the host's start: the first check needs both processors


@dataclass(frozen=True, slots=True)
class Standby:
    """The waiting process and the channel that reaches it."""

    pid: int
    channel: socket.socket

    def ready(self) -> bool:
        """Tell whether it has prepared itself; once it said so, an order must follow."""
        try:
            return self.channel.recv(1, socket.MSG_DONTWAIT) == b"r"
        except OSError:
            return False

    def take(self, message: Mapping[str, object], connection: socket.socket, rest: bytes) -> None:
        """Make it the launch of an order; OSError when it is gone."""
        data = encode(message) + rest
        with self.channel as channel:
            channel.settimeout(PATIENCE)
            sent = socket.send_fds(channel, [data], [connection.fileno()])
            channel.sendall(data[sent:])


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The process that rehearses a launch, and the file that gets the pages."""

    pid: int
    order: Order
    result: IO[bytes]


class Reserve:
    """Keep one standby at hand; `work` makes it while the host has nothing better to do.

    Args:
        run_dir: the host's folder.
        transport: the host's transport.
        let_go: closes, in a forked process, what belongs to the host.
        idle: keep none: it saves time before a launch, and costs a bit more than that in all.
    """

    def __init__(
        self, run_dir: Path, transport: str, let_go: Callable[[], None], *, idle: bool = False
    ) -> None:
        self._idle = idle
        self.due: float | None = None
        self._start = time.monotonic() + FIRST
        self._place = (run_dir, transport)
        self._let_go = let_go
        self._rounds = ROUNDS
        self._pages: Pages | None = None
        self._rehearsal: Rehearsal | None = None
        self._standby: Standby | None = None

    def pids(self) -> set[int]:
        """List the processes that belong to no order."""
        return {process.pid for process in (self._rehearsal, self._standby) if process}

    def wait_for_quiet(self) -> None:
        """Begin to work when nothing else has happened for a while."""
        if self._standby is None and self._rehearsal is None and not self._idle:
            self.due = max(time.monotonic() + QUIET, self._start)

    def work(self) -> None:
        """Start what is missing, if it is due."""
        if self.due is None or time.monotonic() < self.due:
            return
        if self._rounds:
            self._practise()
            return
        self.due = None
        with contextlib.suppress(OSError):  # no room for a process or file: the next quiet may have
            if self._pages is None:
                self._rehearsal = self._start_rehearsal()
            else:
                self._standby = self._start_standby(self._pages)

    def _practise(self) -> None:
        """Practise one round; orders that come in between are not kept waiting by the rest."""
        practise()
        self._rounds -= 1
        if not self._rounds:
            gc.collect()
            freeze()

    def hand_over(
        self, message: Mapping[str, object], connection: socket.socket, rest: bytes
    ) -> int | None:
        """Give an order to the standby and forget it; None when none is ready."""
        standby = self._standby
        if standby is None or not standby.ready():
            return None
        self._standby = None
        try:
            standby.take(message, connection, rest)
        except OSError:
            _end(standby.pid)
            return None
        return standby.pid

    def ended(self, pid: int) -> None:
        """Notice that a process ended that may be the standby or the rehearsal."""
        if self._rehearsal is not None and pid == self._rehearsal.pid:
            self._pages = self._close_rehearsal(self._rehearsal)
            self.wait_for_quiet()
        elif self._standby is not None and pid == self._standby.pid:
            prepared = self._standby.ready()
            self._drop_standby()
            if prepared:
                self.wait_for_quiet()

    def discard(self) -> None:
        """End the standby and forget the pages: the host's memory is about to change."""
        for pid in self.pids():
            _end(pid)
        if self._rehearsal is not None:
            self._close_rehearsal(self._rehearsal)
        self._drop_standby()
        self._pages = None

    def let_go(self) -> None:
        """Close in a forked process what belongs to the reserve."""
        if self._rehearsal is not None:
            self._rehearsal.result.close()
        if self._standby is not None:
            self._standby.channel.close()

    def _drop_standby(self) -> None:
        if self._standby is not None:
            self._standby.channel.close()
            self._standby = None

    def _start_rehearsal(self) -> Rehearsal:
        order = prepare(*self._place)
        result = tempfile.TemporaryFile(dir=order.run_dir)  # noqa: SIM115  # read at its end
        pid = os.fork()
        if pid == 0:
            try:
                self._let_go()
                detach()
                rehearse(order, result.fileno())
            finally:
                os._exit(70)
        return Rehearsal(pid, order, result)

    def _close_rehearsal(self, rehearsal: Rehearsal) -> Pages:
        self._rehearsal = None
        tidy(rehearsal.order)
        with rehearsal.result as file, contextlib.suppress(ValueError):
            file.seek(0)
            return [tuple(run) for run in json.load(file)]
        return ()

    def _start_standby(self, pages: Pages) -> Standby:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = os.fork()
            if pid == 0:
                try:
                    ours.close()
                    self._let_go()
                    detach()
                    touch(pages)
                    _stand_by(theirs)
                finally:
                    os._exit(70)
        return Standby(pid, ours)


def _stand_by(host: socket.socket) -> NoReturn:
    """Become the launch that is ordered; end when the host lets go instead."""
    host.sendall(b"r")
    data, files, *_ = socket.recv_fds(host, CHUNK, 1)
    if not files:
        os._exit(0)
    received = bytearray(data)
    while data := host.recv(CHUNK):
        received += data
    host.close()
    os.set_inheritable(files[0], False)
    connection = socket.socket(fileno=files[0])
    line, _, rest = bytes(received).partition(b"\n")
    run_order(read_order(line), Wire.over_socket(connection, rest))


def _end(pid: int) -> None:
    kill_tree(pid)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
