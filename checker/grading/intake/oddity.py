"""What is odd about one file, before it is known whose it is and which topic it belongs to."""

from dataclasses import dataclass
from enum import Enum, auto

from checker.grading.intake.printing import shown, size
from checker.grading.model import FindingKind


class Scope(Enum):
    """How far an oddity reaches."""

    NOTE = auto()
    """Nothing is refused."""
    FILE = auto()
    """The topic that holds the file is refused; outside of topics nothing is."""
    PLACE = auto()
    """As `FILE`; outside of topics it may hide topics, so that it counts as refused too."""
    ALL = auto()
    """The whole submission is refused."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """A sentence about the file at `path`, which is relative to the submission."""

    kind: FindingKind
    message: str
    path: str = ""
    scope: Scope = Scope.FILE


class Refused(Exception):
    """Stop reading a file, an archive or a submission; it never leaves the intake."""

    def __init__(self, oddity: Oddity) -> None:
        super().__init__(oddity.message)
        self.oddity = oddity


def refuse(kind: FindingKind, message: str, path: str = "", scope: Scope = Scope.FILE) -> Refused:
    """Make what is raised to stop."""
    return Refused(Oddity(kind, message, path, scope))


def left_out(path: str, limit: int) -> Refused:
    """Make what leaves a file out that is larger than `limit`; the rest is judged."""
    message = f"{shown(path)} is larger than {size(limit)} and was left out."
    return refuse(FindingKind.LEFT_OUT, message, path, Scope.NOTE)
