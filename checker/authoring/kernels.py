"""Kernels that are forked from one warm process, each a process of its own in its own folder.

Where there is no fork, or that process cannot serve a kernel, an interpreter is started for it.
"""

import contextlib
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from checker.closing import Closing
from checker.host.processes import PATIENCE, kill_tree
from checker.host.wire import Wire

WORTH_IT = 3  # notebooks; fewer start faster one by one
SERVER = "checker.authoring.forks"
# The debugger warns when it is imported; a kernel's own import of it shows nothing to anybody.
QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class ForkedKernel:
    """A kernel as `subprocess.Popen` would give it to the provisioner, but not our child."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, wire: Wire, pid: int) -> None:
        self.pid = pid
        self._connection = connection
        self._wire = wire
        self._code: int | None = None

    def poll(self) -> int | None:
        """Give the exit code of a kernel that has ended."""
        if self._code is None and select.select([self._connection], [], [], 0)[0]:
            self.wait()
        return self._code

    def wait(self) -> int:
        """Wait for the end of the kernel; with the process that forked it, it is killed."""
        if self._code is None:
            code = (self._wire.receive() or {}).get("code")
            self._code = code if isinstance(code, int) else -signal.SIGKILL
            self._connection.close()
        return self._code

    def send_signal(self, number: int) -> None:
        """Send the kernel a signal; SIGKILL ends its whole group."""
        if self.poll() is not None:
            return
        if number == signal.SIGKILL:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_WR)
        else:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the kernel and its group."""
        self.send_signal(signal.SIGKILL)


class Kernels(Closing):
    """Fork kernels for many threads; the process that does is started with the first."""

    def __init__(self, server: str = SERVER) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._fixed: dict[str, str] = {}

    def launch(self, arguments: list[str], env: dict[str, str], cwd: str) -> ForkedKernel | None:
        """Fork a kernel.

        Args:
            arguments: of the kernel's command line.
            env: all of its variables; those that Python reads when it starts must be the same as
                the first kernel's.
            cwd: the folder in which it runs.

        Returns:
            The kernel, or None: an interpreter must be started for it.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            if not self._hand_over(theirs, env):
                ours.close()
                return None
        wire = Wire.over_socket(ours)
        wire.send({"arguments": arguments, "env": env, "cwd": cwd})
        pid = (wire.receive() or {}).get("pid")
        if not isinstance(pid, int):
            ours.close()
            return None
        return ForkedKernel(ours, wire, pid)

    def close(self) -> None:
        """End the process that forks, and all kernels with it."""
        if self._process is None or self._control is None:
            return
        self._control.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            kill_tree(self._process.pid)
            self._process.wait()
        self._process = self._control = None

    def _hand_over(self, connection: socket.socket, env: dict[str, str]) -> bool:
        with self._lock:
            if self._control is None:
                self._control = self._start(env)
            if _read_at_start(env) != self._fixed:
                return False
            try:
                socket.send_fds(self._control, [b"k"], [connection.fileno()])
            except OSError:
                return False
            return True

    def _start(self, env: dict[str, str]) -> socket.socket:
        """Start the process that forks; it notices how this one ends by its standard input."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._server],
                stdin=theirs.fileno(),
                env=env | QUIET,
                cwd=tempfile.gettempdir(),
                start_new_session=True,
            )
        self._fixed = _read_at_start(env)
        return ours


def _read_at_start(env: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith("PYTHON")}


def open_kernels(notebooks: int) -> contextlib.AbstractContextManager[Kernels | None]:
    """Offer kernels for so many notebooks; None where interpreters do as well or there is no fork.

    They are for `run_cells`.
    """
    able = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return Kernels() if able and notebooks >= WORTH_IT else contextlib.nullcontext()


def use_kernels(manager: AsyncKernelManager, kernels: Kernels) -> None:
    """Let a manager fork its kernel instead of starting an interpreter."""
    provisioner = _Provisioner(kernel_spec=manager.kernel_spec, parent=manager)
    provisioner.kernels = kernels
    manager.provisioner = provisioner


class _Provisioner(LocalProvisioner):
    """Get the kernel forked if that can be."""

    kernels: Kernels

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> KernelConnectionInfo:
        """Start the kernel; the command is `python -m ipykernel_launcher` and its arguments."""
        env, cwd = kwargs["env"], kwargs["cwd"]
        assert isinstance(env, dict)
        process = self.kernels.launch(cmd[3:], env, str(cwd))
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]  # as good as a Popen
        self.pid, self.pgid, self.cwd = process.pid, None, pathlib.Path(str(cwd))
        return self.connection_info
