"""A running host, and its end.

Nothing outlives the process that starts a host, even when that process is killed: the host ends
when its standard input closes and asks the kernel to die with its parent (so start it from a thread
that lives as long as the host is wanted).
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from checker.closing import Closing
from checker.errors import EnvironmentFaultError

LOG_BYTES = 20_000


class HostProcess(Closing):
    """A running host. `address` and `token` are there once `wait_ready` returned.

    Args:
        command: what to run.
        run_dir: the host's folder.
        env: its whole environment.
        log: the file that gets its standard error; one in `run_dir` if None.
        prepare: called in the new process before it becomes the command.
        info: a pipe's two ends, of which `command` writes to the second who its first process is:
            then `close` ends that one, and with it every process of its namespace.
    """

    def __init__(
        self,
        command: Sequence[str],
        run_dir: Path,
        env: dict[str, str],
        *,
        log: Path | None = None,
        prepare: Callable[[], None] | None = None,
        info: tuple[int, int] | None = None,
    ) -> None:
        self.run_dir = run_dir
        self.address: dict[str, object] = {}
        self.token: str | None = None
        self._log = log or run_dir / "host.log"
        self._info = info
        self._first: int | None = None
        with self._log.open("wb") as file:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                env=env,
                cwd=run_dir if prepare is None else None,
                start_new_session=os.name != "nt",
                preexec_fn=prepare,
                pass_fds=info[1:] if info else (),
            )
        if info:
            os.close(info[1])

    @property
    def pid(self) -> int:
        """The process id of the host, or of bubblewrap around it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Tell whether the host still runs."""
        return self._process.poll() is None

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Wait for the ready line; EnvironmentFaultError carries what the host wrote instead."""
        if self.address:
            return
        line = self._first_line(timeout)
        try:
            ready = json.loads(line)
            self.address, self.token = ready["address"], ready.get("token")
        except (ValueError, KeyError, TypeError) as error:
            self.close()
            text = self._log.read_text("utf-8", "replace")[-LOG_BYTES:].strip()
            last = text.splitlines()[-1] if text else "it wrote nothing"
            raise EnvironmentFaultError(
                f"The process that runs the labs did not start: {last}",
                f"Run `checker doctor`; the whole output is in {self._log}.",
            ) from error

    def _first_line(self, timeout: float) -> bytes:
        assert self._process.stdout is not None
        if os.name == "nt":
            return self._process.stdout.readline()
        return self._line_of(self._process.stdout.fileno(), timeout)

    @staticmethod
    def _line_of(file: int, timeout: float) -> bytes:
        """Read a line, or nothing where none comes in time."""
        line, end = b"", time.monotonic() + timeout
        while not line.endswith(b"\n"):
            if not select.select([file], [], [], max(0.0, end - time.monotonic()))[0]:
                return b""
            data = os.read(file, 4096)
            if not data:
                return b""
            line += data
        return line

    def connect(self, timeout: float | None = 10.0) -> socket.socket:
        """Open a connection for one order."""
        self.wait_ready()
        if "uds" in self.address:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(timeout)
            connection.connect(str(self.address["uds"]))
            return connection
        place = (str(self.address["host"]), int(str(self.address["port"])))
        return socket.create_connection(place, timeout)

    def close(self) -> None:
        """End the host and everything it started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._end_namespace()
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        for seconds in (1.0, 4.0):
            try:
                self._process.wait(seconds)
                break
            except subprocess.TimeoutExpired:  # a forked copy of us holds its standard input open
                self._process.terminate()
        else:
            self._kill()
        self._process.stdout.close()

    def _end_namespace(self) -> None:
        """Kill the first process of the namespace; bubblewrap ends when all the others are dead."""
        pid = self.first_process()
        if pid is not None and self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def first_process(self, timeout: float = 1.0) -> int | None:
        """Give the id of the first process of the namespace, where there is one."""
        info, self._info = self._info, None
        if info is not None:
            with os.fdopen(info[0], "rb") as file, contextlib.suppress(ValueError, KeyError):
                if select.select([file], [], [], timeout)[0]:
                    self._first = int(json.loads(file.read())["child-pid"])
        return self._first

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if os.name != "nt":
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
