"""Process trees: nothing that a launch started outlives it.

On Linux the host is the subreaper of all that it starts: a process whose parent ended becomes the
host's child, however it was started, so that killing the host's unknown children until there are
none ends the whole tree. Elsewhere the process group is ended (on Windows the tree that `taskkill`
sees).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

PATIENCE = 3.0
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(number: int | None = None) -> None:
    """Let the kernel send this process a signal, SIGKILL, when its parent thread ends (Linux)."""
    end_with_parent(signal.SIGKILL if number is None else number)()


def end_with_parent(number: int) -> Callable[[], None]:
    """Give what a forked process calls to be sent a signal when its parent thread ends (Linux).

    Made before the fork: a process that gave up its rights may not be able to import anything.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = _prctl()
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    if sys.platform == "linux":
        _prctl()(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl() -> Callable[[int, int], None]:
    import ctypes  # not there on every system

    library = ctypes.CDLL(None)
    return lambda option, value: library.prctl(option, value, 0, 0, 0)


def kill_tree(pid: int) -> None:
    """Kill a process and its group; `end_strays` ends what left the group."""
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(pid)]
        subprocess.run(command, capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def end_strays(known: Collection[int]) -> None:
    """Kill and reap the children of this process that are not `known`, and theirs."""
    if sys.platform != "linux":
        return
    end = time.monotonic() + PATIENCE
    while (strays := own_children().difference(known)) and time.monotonic() < end:
        for pid in strays:
            kill_tree(pid)
        for pid in strays:
            _reap(pid, end)


def _reap(pid: int, end: float) -> None:
    while time.monotonic() < end:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        time.sleep(0.0005)


def own_children() -> set[int]:
    """List the processes whose parent is this process, ended ones included (Linux)."""
    lists = Path("/proc/self/task").glob("*/children")
    try:
        return {int(pid) for file in lists for pid in file.read_text().split()}
    except OSError:
        return set()
