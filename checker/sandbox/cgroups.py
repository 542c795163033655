"""Limits that hold for a whole tree of processes: control groups, version 1 or 2.

Memory and the number of processes are limited. Where groups share processor time as well, a tree
gets as much of it as one ordinary process beside it, however many processes it consists of.

A group is made below our own (version 1) or beside it (version 2, where a group that has processes
has no limited children). Its name holds the id of the process that made it, so that a later run can
remove what a killed one left.
"""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from checker.sandbox.limits import HostLimits

ROOT = Path("/sys/fs/cgroup")
PREFIX = "checker"
PATIENCE_SECONDS = 3.0
_SUBTREE = "cgroup.subtree_control"
_WANTED = ("memory", "pids")
_WELCOME = "cpu"  # shares of a group are those of one process unless it is told otherwise


@dataclass(frozen=True, slots=True)
class Home:
    """Where groups can be made: a folder by controller."""

    version: Literal["cgroup v1", "cgroup v2"]
    folders: dict[str, Path]

    @property
    def shares_time(self) -> bool:
        """Whether a group has a share of processor time of its own."""
        return _WELCOME in self.folders


@cache
def find_home(root: Path = ROOT, own: Path = Path("/proc/self/cgroup")) -> Home | None:
    """Find where we may make groups with limits of their own; None where we may not."""
    places = _places(own)
    names = (*_WANTED, _WELCOME)
    v1 = {name: root / name / places.get(name, "") for name in names if name in places}
    usable = {name: folder for name, folder in v1.items() if _takes_groups(folder)}
    if set(_WANTED) <= usable.keys():
        return Home("cgroup v1", usable)
    if "" in places and not v1:
        folder = root / places[""]
        for one in (folder, folder.parent):
            if (one == root or root in one.parents) and _delegates(one) and _takes_groups(one):
                return Home("cgroup v2", dict.fromkeys(_enabled(one), one))
    return None


def _places(own: Path) -> dict[str, str]:
    """Read the group that we are in, by controller; that of version 2 has no name."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return {}
    parts = [line.split(":", 2) for line in lines]
    return {name: path.lstrip("/") for _, names, path in parts for name in names.split(",")}


def _delegates(folder: Path) -> bool:
    """Tell whether groups below have the controllers; enable them if that is allowed."""
    for name in (*_WANTED, _WELCOME):
        with contextlib.suppress(OSError):
            if name not in _enabled(folder):
                (folder / _SUBTREE).write_text(f"+{name}")
    return set(_WANTED) <= set(_enabled(folder))


def _enabled(folder: Path) -> list[str]:
    """List which of our controllers the groups below a folder have."""
    with contextlib.suppress(OSError):
        found = (folder / _SUBTREE).read_text().split()
        return [name for name in (*_WANTED, _WELCOME) if name in found]
    return []


def _takes_groups(folder: Path) -> bool:
    probe = folder / f"{PREFIX}-{os.getpid()}-probe"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True


def remove_stale(home: Home) -> None:
    """Remove groups whose makers are gone."""
    for folder in set(home.folders.values()):
        for path in folder.glob(f"{PREFIX}-*-*"):
            maker = path.name.split("-")[1]
            if maker.isdecimal() and not Path("/proc", maker).exists():
                with contextlib.suppress(OSError):
                    path.rmdir()


class Group:
    """A group with limits.

    Args:
        home: where it is made.
        name: tells it from others of this process.
        limits: of memory and processes.
    """

    def __init__(self, home: Home, name: str, limits: HostLimits) -> None:
        full = f"{PREFIX}-{os.getpid()}-{name}"
        self._paths = {kind: folder / full for kind, folder in home.folders.items()}
        for path in set(self._paths.values()):
            path.mkdir(exist_ok=True)
        memory, pids = self._paths["memory"], self._paths["pids"]
        (pids / "pids.max").write_text(str(limits.processes))
        if home.version == "cgroup v2":
            (memory / "memory.max").write_text(str(limits.memory_bytes))
            files = {"memory.swap.max": "0", "memory.oom.group": "0"}
        else:
            (memory / "memory.limit_in_bytes").write_text(str(limits.memory_bytes))
            files = {"memory.memsw.limit_in_bytes": str(limits.memory_bytes)}
        for file, value in files.items():  # not every system counts swap
            with contextlib.suppress(OSError):
                (memory / file).write_text(value)

    def join(self) -> None:
        """Put the current process, and all that it will start, into the group."""
        for path in set(self._paths.values()):
            (path / "cgroup.procs").write_text("0")

    @property
    def paths(self) -> list[Path]:
        """The folders of the group, one or two."""
        return list(dict.fromkeys(self._paths.values()))

    @property
    def out_of_memory(self) -> int:
        """How many processes were ended because there was no more memory."""
        memory = self._paths["memory"]
        return _count(memory / "memory.events", "oom_kill") or _count(
            memory / "memory.oom_control", "oom_kill"
        )

    @property
    def out_of_processes(self) -> int:
        """How often a process or thread was refused."""
        return _count(self._paths["pids"] / "pids.events", "max")

    @property
    def peak_bytes(self) -> int:
        """The most memory that it has used at a time; 0 where nobody counts it."""
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            with contextlib.suppress(OSError, ValueError):
                return int((self._paths["memory"] / name).read_text())
        return 0

    @property
    def pids(self) -> list[int]:
        """List the processes in it."""
        with contextlib.suppress(OSError):
            return [int(pid) for pid in (self._paths["pids"] / "cgroup.procs").read_text().split()]
        return []

    def remove(self) -> None:
        """End what is still in it, and remove it."""
        end = time.monotonic() + PATIENCE_SECONDS
        for path in set(self._paths.values()):
            while path.is_dir():
                with contextlib.suppress(OSError):
                    path.rmdir()
                    break
                if time.monotonic() > end:
                    return
                for pid in self.pids:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.002)


def _count(file: Path, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in file.read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0
