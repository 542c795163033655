"""How far a run is, how fast, and how long it will take."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from checker.kinds import Verdict


@dataclass(slots=True)
class Pace:
    """Count verdicts as they come.

    Args:
        total: how many there will be.
        clock: gives seconds.
    """

    total: int
    clock: Callable[[], float] = time.monotonic
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def count(self, verdict: Verdict) -> None:
        """Count one more."""
        self.verdicts[verdict] += 1

    @property
    def done(self) -> int:
        """Count those that have come."""
        return self.verdicts.total()

    @property
    def seconds(self) -> float:
        """Give the seconds since the beginning."""
        return max(self.clock() - self.began, 1e-9)

    @property
    def rate(self) -> float:
        """Give the verdicts a second."""
        return self.done / self.seconds

    @property
    def left(self) -> float | None:
        """Give the seconds that the rest will take at this rate; None before the first."""
        return (self.total - self.done) / self.rate if self.done else None

    def line(self) -> str:
        """Say it in one line."""
        share = 100 * self.done // self.total if self.total else 100
        text = f"{self.done} of {self.total} verdicts ({share} %), {self.rate:.1f} a second"
        if self.left is None or self.done == self.total:
            return f"{text}."
        return f"{text}, {spoken(self.left)} left."


def spoken(seconds: float) -> str:
    """Say a duration: `45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
