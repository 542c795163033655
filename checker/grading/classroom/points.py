"""The points of a repository as text, and as the steps of a GitHub workflow hand them on."""

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.errors import EnvironmentFaultError, UsageError
from checker.grading.export import export
from checker.grading.export.job import WHY_UNTRUSTED
from checker.grading.gradebook import Gradebook
from checker.grading.model import Cell, TopicLine

OUTPUT_VARIABLE = "GITHUB_OUTPUT"
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
PREVIEW = "A preview: your instructor judges the files again, and those points count."


def points_text(book: Gradebook) -> str:
    """Give a line for each topic and the sum."""
    lines = [
        f"{topic.id} {topic.title}: {_word(cell)}, {cell.points} of {topic.points} points"
        for topic, cell in _cells(book)
    ]
    return "\n".join([*lines, f"Points {_points(book)}/{book.points}", *_notes(book)]) + "\n"


def points_markdown(book: Gradebook) -> str:
    """Give a table for the page of a workflow's run."""
    lines = [
        f"| {topic.id} {topic.title} | {_word(cell)} | {cell.points} | {topic.points} |"
        for topic, cell in _cells(book)
    ]
    head = ["| Topic | Verdict | Points | of |", "|---|---|---:|---:|"]
    total = f"| **All** | | **{_points(book)}** | **{book.points}** |"
    return "\n".join([*head, *lines, total, "", " ".join(_notes(book))]) + "\n"


def notices(book: Gradebook) -> str:
    """Give the two notices by which a workflow tells its points, as workflow commands."""
    points = {"totalPoints": _points(book), "maxPoints": book.points}
    return (
        f"::notice title=Autograding complete::Points {_points(book)}/{book.points}\n"
        f"::notice title=Autograding report::{json.dumps(points, separators=(',', ':'))}\n"
    )


@contextmanager
def muted(write: Callable[[str], object]) -> Iterator[None]:
    """Let what is written meanwhile be no workflow command, whatever learners' code has said."""
    token = secrets.token_hex(16)
    write(f"::stop-commands::{token}\n")
    try:
        yield
    finally:
        write(f"\n::{token}::\n")


def require_github() -> Path:
    """Find the file that takes a step's outputs.

    Raises:
        UsageError: this is no step of a GitHub workflow.
    """
    place = os.environ.get(OUTPUT_VARIABLE)
    if not place:
        raise UsageError(
            f"--format github writes to the file that {OUTPUT_VARIABLE} names; it names none.",
            "Run it as a step of a GitHub workflow, or leave --format out.",
        )
    return Path(place)


def hand_on(book: Gradebook, outputs: Path) -> None:
    """Write the result as a step's output, and the table to the page of the run.

    Raises:
        EnvironmentFaultError: a file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="checker-") as room:
        written = export(book, "classroom", Path(room))
        result = next(path for path in written if path.suffix == ".result").read_text().strip()
    _append(outputs, f"result={result}\n")
    summary = os.environ.get(SUMMARY_VARIABLE)
    if summary:
        _append(Path(summary), points_markdown(book))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise EnvironmentFaultError(
            f"{path} cannot be written: {error.strerror}.",
            "Let the step's own variables name files that can be written.",
        ) from error


def _cells(book: Gradebook) -> list[tuple[TopicLine, Cell]]:
    return [(topic, row.cells[topic.id]) for row in book.rows for topic in book.topics]


def _word(cell: Cell) -> str:
    return cell.verdict.value if cell.verdict else cell.state.value


def _points(book: Gradebook) -> int:
    return sum(row.points for row in book.rows)


def _notes(book: Gradebook) -> list[str]:
    return [PREVIEW] if book.trusted else [WHY_UNTRUSTED, PREVIEW]
