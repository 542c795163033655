"""Decide what an exception in a check means, and have it explained."""

from pathlib import Path

import pytest

from checker.errors import CheckerError
from checker.judge.diagnosis import diagnose
from checker.judge.evidence import ConnectionLost, Failure, LaunchFailed, RequestTimeout
from checker.judge.exam_failures import TestsHung
from checker.report import Card, Kind, Verdict

# What an unexpected answer makes a test stumble over, in its own lines.
STUMBLES = (LookupError, TypeError, AttributeError, ValueError)


def verdict_of(
    error: BaseException, info: pytest.ExceptionInfo[BaseException], suite: Path
) -> Verdict:
    """Tell whose fault an exception is: the lab's (failed, timeout) or ours (error)."""
    match error:
        case LaunchFailed():
            return Verdict.TIMEOUT if error.verdict is Verdict.TIMEOUT else Verdict.FAILED
        case RequestTimeout() | TestsHung():
            return Verdict.TIMEOUT
        case AssertionError() | pytest.fail.Exception() | ConnectionLost():
            return Verdict.FAILED
        case MemoryError() | RecursionError():  # of an answer that was made for it
            return Verdict.FAILED
    if isinstance(error, STUMBLES) and _stumbled_in(info, suite):
        return Verdict.FAILED
    return Verdict.ERROR


def _stumbled_in(info: pytest.ExceptionInfo[BaseException], suite: Path) -> bool:
    """Tell whether the exception came from the test's own line or from reading a body as JSON."""
    frames = [Path(str(entry.path)) for entry in info.traceback]
    reader = frames[-1].parent.name == "json" or frames[-1].name in {"_models.py", "_content.py"}
    return frames[-1] == suite or (reader and suite in frames)


def explain(failure: Failure, verdict: Verdict, info: pytest.ExceptionInfo[BaseException]) -> Card:
    """Give the card of a failure; a fault of ours names itself and where it happened."""
    if verdict is Verdict.ERROR:
        return fault_card(failure.error, str(info.getrepr(style="short")))
    try:
        return diagnose(failure)
    except Exception as error:  # noqa: BLE001 - a fault in the diagnosis must not hide the verdict
        return Card(
            kind=Kind.CHECKER,
            headline=failure.check.title,
            why=("The checker could not explain this failure.",),
            detail=f"{type(error).__name__}: {error}",
        )


def fault_card(error: BaseException, detail: str | None = None) -> Card:
    """Give the card of a fault that is ours or the environment's."""
    if isinstance(error, CheckerError):
        headline, remedy = error.message, error.remedy
    else:
        headline = f"The checker itself failed: {type(error).__name__}: {error}"
        remedy = "Report this with the details below."
    return Card(
        kind=Kind.CHECKER,
        headline=headline,
        why=("This is not your lab's fault.",),
        next_step=remedy or None,
        detail=detail,
    )
