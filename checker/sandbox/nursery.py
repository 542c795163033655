"""The nursery as the judge holds it: hosts that need no start, for sandboxes that stand already."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from checker.sandbox.bubblewrap import inner_environment
from checker.sandbox.process import HostProcess
from checker.sandbox.starting import host_environment

WAITING = ("/bin/sh", "-c", "echo; exec cat >/dev/null")
"""What runs in a sandbox beside its host: it says that it stands, and ends it with its input."""


class Nursery:
    """A warm process that no learner's code ever reaches; hosts are forked from it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._orders = ours
        self._known: set[str] = set()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the nursery
        command = [sys.executable, "-P", "-s", "-m", "checker.host"]
        with theirs:
            self._process = subprocess.Popen(
                [*command, "--nursery", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=host_environment(),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def learn(self, modules: Iterable[str]) -> None:
        """Have modules imported, once, for all hosts to come."""
        new = [name for name in modules if name not in self._known]
        if new:
            self._known.update(new)
            with contextlib.suppress(OSError):
                self._orders.send(json.dumps({"modules": new}).encode())

    def lead(self, order: Mapping[str, object], files: Sequence[int]) -> None:
        """Let a host begin in a sandbox; files are its standard input, output and error.

        Raises:
            OSError: the nursery is gone.
        """
        line = {**order, "env": inner_environment()}
        socket.send_fds(self._orders, [json.dumps(line).encode()], files)

    def close(self) -> None:
        """End it."""
        self._orders.close()
        self._process.kill()
        self._process.wait()
        self._log.close()


class LedHost(HostProcess):
    """A host that was forked from a nursery, in a sandbox whose own program only waits.

    Args:
        around: the command of the sandbox and of what waits in it.
        nursery: gives the host.
        order: what the nursery is told, less the process of the sandbox.
    """

    def __init__(
        self,
        around: Sequence[str],
        run_dir: Path,
        nursery: Nursery,
        order: Mapping[str, object],
        *,
        log: Path,
        prepare: Callable[[], None],
        info: tuple[int, int],
    ) -> None:
        super().__init__(around, run_dir, host_environment(), log=log, prepare=prepare, info=info)
        self._nursery = nursery
        self._order = order
        self._led: tuple[int, int] | None = None
        self._began = time.monotonic()

    @property
    def alive(self) -> bool:
        """Tell whether the host still runs, and its sandbox."""
        if not super().alive:
            return False
        if self._led is None:
            return True
        ready = select.select([self._led[1]], [], [], 0)[0]
        return not ready or bool(os.read(self._led[1], 4096))

    def _first_line(self, timeout: float) -> bytes:
        if not super()._first_line(timeout).endswith(b"\n"):
            return b""
        pid = self.first_process(timeout)
        if pid is None:
            return b""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        try:
            with self._log.open("ab") as log, contextlib.suppress(OSError):
                order = {**self._order, "pid": pid}
                self._nursery.lead(order, (theirs_in, theirs_out, log.fileno()))
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self._led = (ours_in, ours_out)
        return self._line_of(ours_out, timeout)

    def close(self) -> None:
        """End the sandbox, and the host with it."""
        super().close()
        led, self._led = self._led, None
        for file in led or ():
            os.close(file)
