"""Names and places of the tests that a learner wrote, as a card tells them."""

from collections.abc import Sequence

from checker.host.facts import Frame, TestFacts, TestFailure
from checker.judge.diagnosis.parts import place
from checker.judge.exam_failures import Work
from checker.report import Location


def short_name(test: str) -> str:
    """Give the name behind the file of a test's id."""
    return test.rpartition("::")[2]


def named(test: TestFacts) -> str:
    """Give the name of a test in code marks."""
    return f"`{short_name(test['id'])}`"


def start_of(work: Work, test: TestFacts) -> Location:
    """Point at the line in which a test begins."""
    lines = work.files.get(test["file"], "").splitlines()
    line = max(test["line"], 1)
    source = lines[line - 1].strip() if line <= len(lines) else ""
    return Location(file=test["file"], line=line, function=test["name"], source=source or None)


def spot_of(work: Work, test: TestFacts, failure: TestFailure) -> Location:
    """Point at the innermost line of the tests, of a fixture, or at the test's beginning."""
    frames = failure["raised"]["frames"]
    return place(innermost(work, frames) or next(reversed(frames), None)) or start_of(work, test)


def innermost(work: Work, frames: Sequence[Frame]) -> Frame | None:
    """Find the innermost frame in the files of tests."""
    return next((frame for frame in reversed(frames) if frame["file"] in work.files), None)
