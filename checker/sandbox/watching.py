"""Where no disk of limited size can be mounted: look again and again, and end what fills it."""

import contextlib
import mmap
import os
import signal
import time
from pathlib import Path

from checker.host.processes import die_with_parent
from checker.sandbox.limits import HostLimits

PAUSE_SECONDS = 0.1
RUNG = 1


class Watcher:
    """A process that ends a sandbox whose folder grows too large.

    Args:
        folder: what is watched.
        limits: of its size and number of files.
        pid: bubblewrap, which takes all of its processes along.
    """

    def __init__(self, folder: Path, limits: HostLimits, pid: int) -> None:
        self._bell = mmap.mmap(-1, 1)  # shared with the process
        self._pid = os.fork()
        if self._pid == 0:
            try:
                die_with_parent()
                _watch(folder, limits, pid, self._bell)
            finally:
                os._exit(0)
        self._open = True

    def look(self) -> bool:
        """Tell whether it has ended the sandbox, or is about to."""
        return self._bell[0] == RUNG

    def close(self) -> None:
        """Watch no more."""
        if self._open:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._open = False


def _watch(folder: Path, limits: HostLimits, pid: int, bell: mmap.mmap) -> None:
    while True:
        size, files = usage(folder)
        if size > limits.disk_bytes or files > limits.disk_files:
            bell[0] = RUNG
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            return
        time.sleep(PAUSE_SECONDS)


def usage(folder: Path) -> tuple[int, int]:
    """Give the bytes that the files below a folder occupy, and how many there are."""
    size = files = 0
    for root, folders, names in os.walk(folder, onerror=None):
        files += len(folders) + len(names)
        for name in names:
            with contextlib.suppress(OSError):
                size += Path(root, name).lstat().st_blocks * 512
    return size, files
