"""What a submission may use, and what really holds it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

MEGABYTE = 1024 * 1024

Holder = Literal["cgroup v2", "cgroup v1", "rlimit", "none"]


@dataclass(frozen=True, slots=True)
class HostLimits:
    """What all processes of one submission may use together, and (of files) each of them.

    What the judge takes in of their answers has bounds of its own: see `checker.judge.transport`,
    `control` and `raw`.

    Args:
        memory_bytes: of all processes together; of each where there are no cgroups.
        processes: how many there may be at a time, threads included.
        file_bytes: the largest file.
        open_files: of each process.
        disk_bytes: of all files together; they lie in memory.
        disk_files: how many files and folders there may be.
    """

    memory_bytes: int = 1024 * MEGABYTE
    processes: int = 128
    file_bytes: int = 16 * MEGABYTE
    open_files: int = 2048
    disk_bytes: int = 64 * MEGABYTE
    disk_files: int = 8192

    @classmethod
    def read(cls, figures: Mapping[str, float]) -> Self:
        """Read what `figures` gave; other limits may stand beside them."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: int(value) for name, value in figures.items() if name in names})

    def figures(self) -> dict[str, int]:
        """Give the limits by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SandboxLevel:
    """What stands around the learner's code.

    Args:
        around: bubblewrap, or none.
        memory: what holds the memory: of all processes together, or (rlimit) of each.
        processes: what holds their number.
        time: what keeps them from taking all processor time: a share, or (nice) a low priority.
        disk: `tmpfs` is a file system of limited size; `watched` is a folder whose size is looked
            at again and again.
        user: whether the code runs as a user of its own or as the one who grades.
    """

    around: Literal["bubblewrap", "none"] = "none"
    memory: Holder = "none"
    processes: Holder = "none"
    time: Literal["cgroup v2", "cgroup v1", "nice", "none"] = "none"
    disk: Literal["tmpfs", "watched", "none"] = "none"
    user: Literal["other", "own"] = "own"

    @property
    def trusted(self) -> bool:
        """Whether that is enough to run code that nobody trusts."""
        return self.around == "bubblewrap"

    @property
    def text(self) -> str:
        """Say it in a few words."""
        if not self.trusted:
            return "no sandbox"
        user = "a user of its own" if self.user == "other" else "the grader's user"
        held: dict[str, list[str]] = {}
        for what, holder in (
            ("memory", self.memory),
            ("processes", self.processes),
            ("processor time", self.time),
            ("disk", self.disk),
        ):
            held.setdefault(holder, []).append(what)
        parts = (f"{', '.join(what)} by {holder}" for holder, what in held.items())
        return "; ".join([self.around, user, *parts])

    def line(self) -> dict[str, str]:
        """Give it as JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, line: dict[str, Any]) -> Self:
        """Read what `line` gave."""
        return cls(**line)
