"""Start a host, bare or inside bubblewrap."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from checker.errors import EnvironmentFaultError
from checker.sandbox.bubblewrap import PACKAGE, View, bubblewrap_command
from checker.sandbox.process import HostProcess

LONGEST_RUN_DIR = 80


def start_host(
    run_dir: Path,
    *,
    sandbox: str = "bare",
    start: str | None = None,
    transport: str | None = None,
    python: str = sys.executable,
    readable: Sequence[Path] = (),
) -> HostProcess:
    """Start a host without waiting for it; for untrusted code see `checker.sandbox.cells`.

    Args:
        run_dir: a short path (its sockets lie there) to a folder that the host may fill.
        sandbox: `bare` or `bubblewrap`, which sees only labs beneath `run_dir` and `readable`.
        start: `fork` or `spawn`; by default what the system has.
        transport: `uds` or `tcp`; by default what the system has.
        python: the interpreter that runs the labs.
        readable: folders that the sandbox shows read-only.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    run_dir = require_short(run_dir.resolve())
    command = host_command(run_dir, python=python, start=start, transport=transport)
    if sandbox == "bare":
        return HostProcess(command, run_dir, host_environment())
    if sandbox != "bubblewrap":
        raise EnvironmentFaultError(f"There is no sandbox {sandbox!r}.", "Use bare or bubblewrap.")
    return start_inside(View(run_dir, python, readable), command)


def start_inside(
    view: View,
    command: Sequence[str],
    *,
    log: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> HostProcess:
    """Start a host's command inside bubblewrap."""
    read, write = os.pipe()
    shown = replace(view, info=write)
    around = bubblewrap_command(shown)
    env = host_environment()
    return HostProcess(
        [*around, *command], view.run_dir, env, log=log, prepare=prepare, info=(read, write)
    )


def host_command(
    run_dir: Path,
    *,
    python: str = sys.executable,
    start: str | None = None,
    transport: str | None = None,
    options: Sequence[str] = (),
) -> list[str]:
    """Give the command of a host."""
    command = [python, "-P", "-s", "-m", "checker.host", "--run-dir", str(run_dir)]
    command += ["--start", start] if start else []
    command += ["--transport", transport] if transport else []
    return [*command, *options]


def require_short(run_dir: Path) -> Path:
    """Give the folder back if sockets in it can have a name.

    Raises:
        EnvironmentFaultError: its path is too long.
    """
    if os.name != "nt" and len(str(run_dir)) > LONGEST_RUN_DIR:
        raise EnvironmentFaultError(
            f"The path {run_dir} is too long for the sockets in it.",
            "Set TMPDIR to a shorter folder, for example TMPDIR=/tmp.",
        )
    return run_dir


def host_environment() -> dict[str, str]:
    """Give the host's own environment: enough to find the checker, nothing else of ours."""
    kept = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "TEMP", "TMP", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return {**env, "PYTHONPATH": str(PACKAGE.parent), "LANG": "C.UTF-8"}
