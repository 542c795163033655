"""The result of one examination."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A problem keeps the checker from working; a warning takes something away."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: `detail` is one sentence, `remedy` the command or step that mends it."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> Finding:
    """Report that all is well."""
    return Finding(name, State.OK, detail)


def warning(name: str, detail: str, remedy: str) -> Finding:
    """Report what works less well than it could."""
    return Finding(name, State.WARNING, detail, remedy)


def problem(name: str, detail: str, remedy: str) -> Finding:
    """Report what keeps the checker from working."""
    return Finding(name, State.PROBLEM, detail, remedy)
