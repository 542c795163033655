"""How a host is started: bare, or inside bubblewrap where it sees nothing but what it needs.

Nothing outlives the process that starts a host, even when that process is killed: the host ends
when its standard input closes and asks the kernel to die with its parent (so start it from a thread
that lives as long as the host is wanted).
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from checker.errors import EnvironmentFaultError

PACKAGE = Path(__file__).resolve().parent
LONGEST_RUN_DIR = 80
_SECRET_ROOMS = ("curriculum", "labs", "solutions", "notebooks", "tests")
_INSTALL = "Install it, for example with `apt install bubblewrap`, or grade without `--sandbox`."


class HostProcess:
    """A running host. `address` and `token` are there once `wait_ready` returned."""

    def __init__(self, command: Sequence[str], run_dir: Path, env: dict[str, str]) -> None:
        self.run_dir = run_dir
        self.address: dict[str, object] = {}
        self.token: str | None = None
        self._log = run_dir / "host.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=env,
                cwd=run_dir,
                start_new_session=os.name != "nt",
            )

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
            text = self._log.read_text("utf-8", "replace").strip()
            last = text.splitlines()[-1] if text else "it wrote nothing"
            raise EnvironmentFaultError(
                f"The process that runs the labs did not start: {last}",
                f"Run `checker doctor`; the whole output is in {self._log}.",
            ) from error

    def _first_line(self, timeout: float) -> bytes:
        assert self._process.stdout is not None
        if os.name == "nt":
            return self._process.stdout.readline()
        line, end = b"", time.monotonic() + timeout
        file = self._process.stdout.fileno()
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

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if os.name != "nt":
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def start_host(
    run_dir: Path,
    *,
    sandbox: str = "bare",
    start: str | None = None,
    transport: str | None = None,
    python: str = sys.executable,
    readable: Sequence[Path] = (),
) -> HostProcess:
    """Start a host without waiting for it.

    Args:
        run_dir: a short path (its sockets lie there) to a folder that the host may fill.
        sandbox: `bare` or `bubblewrap`, which sees only labs beneath `run_dir` and `readable`.
        start: `fork` or `spawn`; by default what the system has.
        transport: `uds` or `tcp`; by default what the system has.
        python: the interpreter that runs the labs.
        readable: folders that the sandbox shows read-only.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    run_dir = run_dir.resolve()
    if os.name != "nt" and len(str(run_dir)) > LONGEST_RUN_DIR:
        raise EnvironmentFaultError(
            f"The path {run_dir} is too long for the sockets in it.",
            "Set TMPDIR to a shorter folder, for example TMPDIR=/tmp.",
        )
    command = [python, "-P", "-s", "-m", "checker.host", "--run-dir", str(run_dir)]
    command += ["--start", start] if start else []
    command += ["--transport", transport] if transport else []
    if sandbox == "bare":
        return HostProcess(command, run_dir, host_environment())
    if sandbox != "bubblewrap":
        raise EnvironmentFaultError(f"There is no sandbox {sandbox!r}.", "Use bare or bubblewrap.")
    around = bubblewrap_command(run_dir, python, readable)
    return HostProcess([*around, *command], run_dir, host_environment())


def host_environment() -> dict[str, str]:
    """Give the host's own environment: enough to find the checker, nothing else of ours."""
    kept = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "TEMP", "TMP", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return {**env, "PYTHONPATH": str(PACKAGE.parent), "LANG": "C.UTF-8"}


def bubblewrap_command(run_dir: Path, python: str, readable: Sequence[Path] = ()) -> list[str]:
    """Give the bubblewrap command that shows a host what it needs and no more."""
    program = shutil.which("bwrap")
    if program is None:
        raise EnvironmentFaultError("bubblewrap is not installed.", _INSTALL)
    bound = [Path("/usr"), *_prefixes(python)]
    arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in host_environment().items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in bound:  # after /tmp, which may hold them
        arguments += ["--ro-bind", str(path), str(path)]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        arguments += _system_folder(Path(name))
    for name in (
        "ld.so.cache",
        "passwd",
        "group",
        "localtime",
        "mime.types",
        "ssl",
        "alternatives",
    ):
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    arguments += _checker(bound)
    for path in readable:
        arguments += ["--ro-bind", str(path.resolve()), str(path.resolve())]
    arguments += ["--bind", str(run_dir), str(run_dir), "--chdir", str(run_dir)]
    return [program, *arguments, "--"]


def _prefixes(python: str) -> list[Path]:
    """List the folders that an interpreter needs: its environment and the installation below it."""
    if python == sys.executable:
        names = [sys.prefix, sys.base_prefix, str(Path(sys._base_executable).resolve().parent)]  # type: ignore[attr-defined]
    else:
        code = "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"
        names = subprocess.check_output([python, "-c", code], text=True).splitlines()
    paths = dict.fromkeys(Path(name) for name in names)
    return [path for path in paths if not path.is_relative_to("/usr")]


def _system_folder(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


def _checker(bound: Sequence[Path]) -> list[str]:
    """Show of the package only its host; hide our rooms where a bound folder holds them."""
    hidden = [PACKAGE, *(PACKAGE.parent / name for name in _SECRET_ROOMS)]
    arguments = []
    for path in hidden:
        if path.is_dir() and any(path.is_relative_to(shown) for shown in bound):
            arguments += ["--tmpfs", str(path)]
    for name in ("__init__.py", "host"):
        arguments += ["--ro-bind", str(PACKAGE / name), str(PACKAGE / name)]
    return arguments


def bubblewrap_available() -> str | None:
    """Give the reason why bubblewrap cannot be used here, with its remedy; None when it works."""
    program = shutil.which("bwrap")
    if program is None:
        return f"bubblewrap is not installed. {_INSTALL}"
    probe = [program, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--", "/bin/true"]
    result = subprocess.run(probe, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    said = (result.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return (
        f"bubblewrap cannot make a sandbox here ({said}). "
        "Allow unprivileged user namespaces: `sysctl kernel.unprivileged_userns_clone=1`."
    )
