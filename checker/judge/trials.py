"""Run the learner's tests in the host, and keep only what fits together of what they say.

The process that runs them is the learner's: what it tells is material, and whatever is missing from
it or contradicts the rest makes the trial an unfinished one, which proves nothing.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from checker.host.facts import Frame, Problem, TestFacts, TestFailure
from checker.judge.control import ConnectionEnded, Control, HostGoneError, Line, LineTooLong

GRACE_SECONDS = 2.0


class End(StrEnum):
    """How a trial ended."""

    WHOLE = "whole"
    TIMEOUT = "timeout"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class TrialOrder:
    """What to run: see `checker.host.trial.Trial` for the meaning of `trial`."""

    folder: Path
    env: dict[str, str]
    seconds: float
    trial: dict[str, object]

    def line(self) -> Line:
        """Give the order as the host's protocol wants it."""
        return {
            "op": "test",
            "folder": str(self.folder),
            "env": self.env,
            "timeout": self.seconds,
            "trial": self.trial,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """What a test did and must not do: `kind` is slept, network or warned."""

    kind: str
    test: str
    frames: tuple[Frame, ...] = ()
    host: str = ""
    seconds: float = 0.0
    name: str = ""
    message: str = ""


@dataclass(slots=True)
class TrialResult:
    """What became of a trial.

    `outcomes` tells of each test that ran passed, failed, skipped or xfailed, in the order in which
    they ran; `failures` why those failed. `running` is the test that ran when it was cut off.
    """

    end: End = End.CUT
    code: int | None = None
    signal: int | None = None
    tests: dict[str, TestFacts] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    failures: dict[str, TestFailure] = field(default_factory=dict)
    problems: list[tuple[str | None, Problem]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    running: str = ""
    loaded: bool = True
    loading: Problem | None = None
    output: str = ""

    @property
    def failed(self) -> list[str]:
        """List the tests that failed, in the order in which they ran."""
        return [test for test, outcome in self.outcomes.items() if outcome == "failed"]


def run_trial(control: Control, order: TrialOrder) -> TrialResult:
    """Order a trial and follow it to its end.

    Raises:
        HostGoneError: the host does not answer.
    """
    result = TrialResult()
    said: int | None = None
    try:
        control.send(order.line())
        while True:
            line = control.receive(order.seconds + GRACE_SECONDS)
            if line.get("event") == "done":
                break
            if line.get("event") == "tested":
                said = line["code"] if isinstance(line.get("code"), int) else None
                result.loaded = line.get("loaded") is True
                result.loading = line.get("problem")
            elif line.get("event") == "error":
                raise HostGoneError(str(line.get("message")))
            else:
                _take(result, line)
    except LineTooLong:
        return result
    except (ConnectionEnded, TimeoutError) as error:
        raise HostGoneError(str(error) or "no answer") from error
    finally:
        control.close()
    result.code, result.signal = line.get("code"), line.get("signal")
    result.output = _without_folder(str(line.get("output", "")), order.folder)
    if line.get("timeout"):
        result.end = End.TIMEOUT
    elif said is not None and said == result.code and _fits(result, stop=bool(order.trial["stop"])):
        result.end = End.WHOLE
    return result


def _without_folder(output: str, folder: Path) -> str:
    """Take the staged folder out of what pytest wrote: it means nothing to the learner."""
    lines = output.replace(f"{folder}/", "").splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("rootdir: "))


def _take(result: TrialResult, line: Line) -> None:
    """Note one event of the learner's process; what has not the right shape is passed over."""
    test = str(line.get("test", ""))
    try:
        match line.get("event"):
            case "collected":
                result.tests = {facts["id"]: facts for facts in line["tests"]}
                result.rules = dict(line["rules"])
            case "unreadable":
                result.problems.append((line["file"], line["problem"]))
            case "begin":
                result.running = test
            case "outcome":
                _take_outcome(result, test, line)
            case "slept" | "network" as kind:
                frames = tuple(line["frames"])
                host, seconds = str(line.get("host", "")), float(line.get("seconds", 0.0))
                result.notices.append(Notice(kind, test, frames, host, seconds))
            case "warned":
                name, message = str(line["name"]), str(line["message"])
                result.notices.append(Notice("warned", test, name=name, message=message))
    except (KeyError, TypeError, ValueError):
        return


def _take_outcome(result: TrialResult, test: str, line: Line) -> None:
    """Note the outcome of a test or of a part of it; a failure is never taken back."""
    outcome, failure = str(line["outcome"]), line.get("failure")
    if isinstance(failure, dict):
        result.failures.setdefault(test, failure)  # type: ignore[arg-type]  # shaped by the host
    if outcome == "failed" or (not line.get("part") and test not in result.outcomes):
        result.outcomes.pop(test, None)
        result.outcomes[test] = outcome
    if not line.get("part"):
        result.running = ""


def _fits(result: TrialResult, *, stop: bool) -> bool:
    """Tell whether the exit code, what was found and what became of it agree."""
    if not result.outcomes.keys() <= result.tests.keys():
        return False
    match result.code:
        case 0:  # all passed
            return bool(result.outcomes) and not result.failed and not result.problems
        case 1:  # some failed
            return bool(result.failed or result.problems) and (not stop or len(result.failed) <= 1)
        case 5:  # there was none to run
            return not result.outcomes
    return False
