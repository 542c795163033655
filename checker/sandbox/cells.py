"""One submission's place: a disk, a control group, a host. A new one holds nothing of the last.

Layout below the judge's folder; of it the sandbox sees `run`, `labs`, and `tmp` and `shm` as /tmp
and /dev/shm. Only `labs` is filled by the judge, and no one else makes folders at its top.

    doors/         sockets that lead to services
    etc/           accounts as the sandbox shows them
    reach/         what the user of the sandbox could not reach at its own place
    1/             the first cell, a file system of limited size where we may mount
        run/ labs/ tmp/ shm/ host.log
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.closing import Closing
from checker.errors import EnvironmentFaultError
from checker.files import clear_away
from checker.sandbox.bubblewrap import INSTALL, USER_INSIDE, View, bubblewrap_command
from checker.sandbox.cgroups import Group, Home, find_home, remove_stale
from checker.sandbox.kernel import mount_tmpfs, own_mounts, show_again, unmount
from checker.sandbox.limits import HostLimits, SandboxLevel
from checker.sandbox.network import refused_ways
from checker.sandbox.nursery import WAITING, LedHost, Nursery
from checker.sandbox.process import HostProcess
from checker.sandbox.reach import make_reachable, user_for_labs
from checker.sandbox.starting import host_command, host_environment, require_short, start_inside
from checker.sandbox.watching import Watcher

NICE = 5
OOM_SCORE = "800"
FULL_BYTES, FULL_FILES = 65536, 16
AHEAD_SECONDS = 5.0
SPARE_ADDRESS_SPACE = 2  # of a process; libraries and threads reserve what they never use


@dataclass(frozen=True, slots=True)
class Plan:
    """How every cell of a judge is made."""

    base: Path
    sandbox: str
    limits: HostLimits
    start: str | None = None
    mounts: bool = False
    home: Home | None = None
    user: int | None = None
    found_at: dict[Path, Path] = field(default_factory=dict)

    @property
    def level(self) -> SandboxLevel:
        """What stands around the code."""
        if self.sandbox == "bare":
            return SandboxLevel()
        held = self.home.version if self.home else "rlimit"
        return SandboxLevel(
            around="bubblewrap",
            memory=held,
            processes=held,
            time=self.home.version if self.home and self.home.shares_time else "nice",
            disk="tmpfs" if self.mounts else "watched",
            user="other" if self.user else "own",
        )

    @property
    def doors(self) -> Path | None:
        """The folder of sockets that lead to services, where labs cannot reach their ports."""
        return None if self.sandbox == "bare" else self.base / "doors"


def make_plan(base: Path, sandbox: str, limits: HostLimits, start: str | None = None) -> Plan:
    """Find out what there is to build cells with; call it while the process has one thread.

    Raises:
        EnvironmentFaultError: we are root, and an ordinary user cannot reach what labs need.
    """
    base = require_short(base.resolve())
    if sandbox == "bare":
        return Plan(base, sandbox, limits, start)
    if sandbox != "bubblewrap":
        raise EnvironmentFaultError(f"There is no sandbox {sandbox!r}.", "Use bare or bubblewrap.")
    if shutil.which("bwrap") is None:
        raise EnvironmentFaultError("bubblewrap is not installed.", INSTALL)
    home = find_home()
    if home is not None:
        remove_stale(home)
    mounts = own_mounts()
    user = user_for_labs()
    base.chmod(0o711)
    for name in ("doors", "etc", "reach"):
        (base / name).mkdir(mode=0o711)
    _write_accounts(base / "etc")
    found_at: dict[Path, Path] = {}
    if user is not None:
        mount = show_again if mounts else None
        found_at = make_reachable(base, View(base).shown(), mount)
    return Plan(base, sandbox, limits, start, mounts, home, user, found_at)


def _write_accounts(folder: Path) -> None:
    inside = f"{USER_INSIDE}:{USER_INSIDE}"
    texts = {
        "passwd": f"learner:x:{inside}:learner:/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
        "group": f"learner:x:{USER_INSIDE}:\nnogroup:x:65534:\n",
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)


class Cell:
    """A place for one submission, whose host is being started.

    Args:
        plan: how it is made.
        number: tells it from others of the same judge.
        reserve: whether the host prepares for the next launch while it has nothing to do.
        nursery: gives the host, if there is one; else the sandbox starts it.
    """

    def __init__(
        self, plan: Plan, number: int, *, reserve: bool = True, nursery: Nursery | None = None
    ) -> None:
        self._plan = plan
        self._nursery = nursery
        self._options = [] if reserve else ["--no-reserve"]
        self.folder = plan.base / str(number)
        self.run_dir = self.folder / "run"
        self.labs = self.folder / "labs"
        self._group: Group | None = None
        self._watcher: Watcher | None = None
        self._seen = 0
        self._refused = 0
        self._ways = 0
        self.folder.mkdir()
        try:
            self.host = self._start_bare() if plan.sandbox == "bare" else self._start(number)
        except BaseException:
            self._remove()
            raise

    @property
    def owner(self) -> int | None:
        """The user (and group) that staged files belong to; None leaves them to us."""
        return self._plan.user

    @property
    def group(self) -> Group | None:
        """The control group, where there is one."""
        return self._group

    def _start_bare(self) -> HostProcess:
        run_dir = self.run_dir
        run_dir.mkdir()
        command = host_command(run_dir, start=self._plan.start, options=self._options)
        return HostProcess(command, run_dir, host_environment())

    def _start(self, number: int) -> HostProcess:
        plan, limits = self._plan, self._plan.limits
        if plan.mounts:
            mount_tmpfs(self.folder, limits.disk_bytes, limits.disk_files)
        self.labs.mkdir(mode=0o711)
        for name in ("run", "tmp", "shm"):
            path = self.folder / name
            path.mkdir(mode=0o700)
            if plan.user is not None:
                os.chown(path, plan.user, plan.user)
        if plan.home is not None:
            self._group = Group(plan.home, str(number), limits)
        doors = [plan.doors] if plan.doors else []
        view = View(
            self.run_dir,
            readable=doors,
            writable=[self.labs],
            temporary=self.folder,
            etc=plan.base / "etc",
            found_at=plan.found_at,
        )
        options = [*self._options]
        options += [f"--limit={name}={value}" for name, value in self._rlimits().items()]
        command = host_command(self.run_dir, start=plan.start, options=options)
        log = self.folder / "host.log"
        prepare = _entrance(None if self._nursery else self._group, plan.user)
        if self._nursery is not None:
            host: HostProcess = self._led(self._nursery, view, log, prepare)
        else:
            host = start_inside(view, command, log=log, prepare=prepare)
        if not plan.mounts:
            self._watcher = Watcher(self.folder, limits, host.pid)
        return host

    def _led(
        self, nursery: Nursery, view: View, log: Path, prepare: Callable[[], None]
    ) -> HostProcess:
        read, write = os.pipe()
        around = [*bubblewrap_command(replace(view, info=write)), *WAITING]
        order = {
            "user": self._plan.user,
            "groups": [str(path) for path in self._group.paths] if self._group else [],
            "nice": NICE,
            "oom_score": OOM_SCORE,
            "run_dir": str(self.run_dir),
            "limits": self._rlimits(),
            "reserve": not self._options,
        }
        return LedHost(
            around, self.run_dir, nursery, order, log=log, prepare=prepare, info=(read, write)
        )

    def _rlimits(self) -> dict[str, int]:
        """Give the limits that each process gets, by the host's names."""
        limits = self._plan.limits
        each = {"file_bytes": limits.file_bytes, "open_files": limits.open_files}
        if self._plan.home is None:
            each["processes"] = limits.processes
            each["memory_bytes"] = SPARE_ADDRESS_SPACE * limits.memory_bytes
        return each

    def overruns(self) -> list[str]:
        """Say which limits were reached since the last question, a clause for each."""
        limits, said = self._plan.limits, []
        if self._group is not None:
            killed, refused = self._group.out_of_memory, self._group.out_of_processes
            if killed > self._seen:
                said.append(f"it used more than {limits.memory_bytes >> 20} MB of memory")
            if refused > self._refused:
                said.append(f"it had more than {limits.processes} processes and threads")
            self._seen, self._refused = killed, refused
        return [*said, *self._full_disk()]

    def attempts(self) -> int:
        """Count the attempts to reach a network since the last question."""
        pid = self.host.first_process()
        before, self._ways = self._ways, refused_ways(pid) if pid is not None else 0
        return max(0, self._ways - before)  # a sandbox that has ended tells nothing

    def _full_disk(self) -> list[str]:
        """Say that there is no more room for bytes, or for files."""
        limits = self._plan.limits
        full = f"it filled its disk of {limits.disk_bytes >> 20} MB"
        if self._watcher is not None:
            return [full] if self._watcher.look() else []
        if not self._plan.mounts:
            return []
        disk = os.statvfs(self.folder)
        if disk.f_ffree < FULL_FILES:
            return [f"it made more than {limits.disk_files} files"]
        return [full] if disk.f_bavail * disk.f_frsize < FULL_BYTES else []

    def close(self) -> None:
        """End the host and all that it started, and remove every trace."""
        self.host.close()
        if self._watcher is not None:
            self._watcher.close()
        self._remove()

    def _remove(self) -> None:
        if self._group is not None:
            self._group.remove()
        if self._plan.mounts:
            with contextlib.suppress(OSError):
                unmount(self.folder)
        clear_away(self.folder)


def _entrance(group: Group | None, user: int | None) -> Callable[[], None]:
    """Give what a forked process does before it becomes the sandbox."""

    def enter() -> None:
        if group is not None:
            group.join()
        os.nice(NICE)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
        if user is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)

    return enter


class Cells(Closing):
    """The cell in use, and its renewal.

    Args:
        plan: how cells are made.
        reserve: whether hosts prepare for the next launch while they have nothing to do.
        many: whether so many cells are to come that their hosts are better forked than started.
    """

    def __init__(self, plan: Plan, *, reserve: bool = True, many: bool = False) -> None:
        self.plan = plan
        forks = plan.sandbox != "bare" and plan.start != "spawn"
        self._nursery = Nursery() if many and forks else None
        self._reserve = reserve
        self._number = 0
        self._renewed = False
        self._next: Cell | None = None
        self.cell = self._make()

    def _make(self) -> Cell:
        self._number += 1
        return Cell(self.plan, self._number, reserve=self._reserve, nursery=self._nursery)

    @property
    def guarded(self) -> bool:
        """Whether the code in the cells is trusted with nothing."""
        return self.plan.sandbox != "bare"

    def wait_ready(self) -> None:
        """Wait until the host of the cell accepts orders.

        Where a host cannot be led into a sandbox, those to come are started in theirs.

        Raises:
            EnvironmentFaultError: no host comes up.
        """
        try:
            self.cell.host.wait_ready()
        except EnvironmentFaultError:
            nursery, self._nursery = self._nursery, None
            if nursery is None:
                raise
            nursery.close()
            self._drop_next()
            self.renew()
            self.cell.host.wait_ready()

    def learn(self, modules: Iterable[str]) -> None:
        """Let the hosts to come have modules imported."""
        if self._nursery is not None:
            self._nursery.learn(modules)

    def renew(self) -> None:
        """End the cell and all that runs in it, and go on with a fresh one."""
        self.cell.close()
        self._renewed = True
        self.cell, self._next = self._next or self._make(), None

    def look_ahead(self) -> None:
        """Make the next cell if there is likely to be one.

        It takes hardly any processor time, but waits for the kernel: whoever has just ordered
        something from the cell in use need not wait once more when that one is renewed. What is in
        the way now is told by `renew` or `wait_ready` if it still is then.
        """
        if self._nursery is None or not self._renewed or self._next is not None:
            return
        try:
            self._next = self._make()
            self._next.host.wait_ready(AHEAD_SECONDS)
        except (EnvironmentFaultError, OSError):
            self._drop_next()

    def _drop_next(self) -> None:
        following, self._next = self._next, None
        if following is not None:
            following.close()

    def close(self) -> None:
        """End the last cell, and take away what was made for all of them."""
        self.cell.close()
        self._drop_next()
        if self._nursery is not None:
            self._nursery.close()
        for place in self.plan.found_at.values():
            with contextlib.suppress(OSError):
                unmount(place)
