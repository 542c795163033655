"""Write notebooks from lessons; point 7: a written one is current and reproduces its outputs."""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from checker.authoring.kernel import run_cells
from checker.authoring.kernels import Kernels, open_kernels
from checker.authoring.notebook import Draft, draft_notebook, is_volatile, make_node
from checker.authoring.subject import Subject, load_subject
from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.errors import CheckerError, CurriculumError, UsageError

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_LONGEST = 120
SIDE_BY_SIDE = 2


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one notebook, in words."""

    text: str
    failed: bool = False


Work = Callable[[Subject, Kernels | None], list[Line]]


def build_place(catalog: Catalog, place: str) -> Iterator[Line]:
    """Build the notebooks of a place, two at a time; one that fails does not stop the others."""
    return _each(catalog, place, _build)


def check_place(catalog: Catalog, place: str) -> Iterator[Line]:
    """Compare the notebooks of a place with what their lessons give today."""
    return _each(catalog, place, _compare)


def _each(catalog: Catalog, place: str, work: Work) -> Iterator[Line]:
    topics = [topic for topic in catalog.place(place) if catalog.is_written(topic)]
    if not topics:
        raise UsageError(f"No topic of {place} is written.", "`checker list` shows which are.")
    loaded = [_load(catalog, topic) for topic in topics]

    def attempt(subject: Subject | Line, kernels: Kernels | None) -> list[Line]:
        if isinstance(subject, Line):
            return [subject]
        try:
            return work(subject, kernels)
        except CheckerError as error:
            return [_failure(error)]

    with open_kernels(len(loaded)) as kernels, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for lines in pool.map(attempt, loaded, repeat(kernels)):
            yield from lines


def _load(catalog: Catalog, topic: Topic) -> Subject | Line:
    try:
        return load_subject(catalog, topic)
    except CheckerError as error:
        return _failure(error)


def _failure(error: CheckerError) -> Line:
    return Line(f"{error.message} {error.remedy}", failed=True)


def _build(subject: Subject, kernels: Kernels | None) -> list[Line]:
    word = "written" if write_notebook(subject, kernels) else "unchanged"
    return [Line(f"{subject.name(subject.rooms.notebook)} {word}")]


def _compare(subject: Subject, kernels: Kernels | None) -> list[Line]:
    name = subject.name(subject.rooms.notebook)
    if not subject.rooms.notebook.exists():
        return [Line(f"{name} is missing; run `{subject.command}`.", failed=True)]
    problems = check_notebook(subject, kernels)
    return [Line(problem, failed=True) for problem in problems] or [Line(f"{name} is current")]


def write_notebook(subject: Subject, kernels: Kernels | None = None) -> bool:
    """Build, run and save a topic's notebook; tell whether the file changed.

    Raises:
        CurriculumError: a cell failed, or printed something that only this machine would print.
    """
    draft = draft_notebook(subject)
    run_cells(draft, subject.name(subject.rooms.lesson), kernels)
    if leaks := _leaks(draft, subject):
        raise CurriculumError(leaks[0], "Print something that does not change from run to run.")
    path = subject.rooms.notebook
    if path.exists():
        _keep_volatile(draft.node, _read(path))
    text = _dump(draft.node)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def check_notebook(subject: Subject, kernels: Kernels | None = None) -> list[str]:
    """Build and run the notebook anew and say, cell by cell, where the file differs."""
    try:
        draft = draft_notebook(subject)
        run_cells(draft, subject.name(subject.rooms.lesson), kernels)
        written = _read(subject.rooms.notebook)
    except CurriculumError as error:
        return [f"{error.message} {error.remedy}"]
    name = subject.name(subject.rooms.notebook)
    remedy = f"run `{subject.command}`"
    problems = [
        f"{name}: {difference}; {remedy}." for difference in _differences(draft.node, written)
    ]
    return problems + _leaks(draft, subject)


def _dump(node: NotebookNode) -> str:
    return json.dumps(node, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _read(path: Path) -> NotebookNode:
    try:
        node = make_node(json.loads(path.read_text(encoding="utf-8")))
        nbformat.validate(node)
    except (ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError) as error:
        line = str(error).splitlines()[0]
        raise CurriculumError(f"{path.name} is no notebook: {line}", "Remove it.") from error
    return node


def _keep_volatile(node: NotebookNode, written: NotebookNode) -> None:
    """Keep the saved output of a volatile cell, so that a rebuild changes no file."""
    saved = {cell.id: cell for cell in written.cells}
    for cell in node.cells:
        old = saved.get(cell.id)
        if is_volatile(cell) and old is not None and old.source == cell.source:
            cell.outputs = old.outputs


def _differences(fresh: NotebookNode, written: NotebookNode) -> list[str]:
    cells = {cell.id: cell for cell in written.cells}
    found = [
        f"cell {cell.id} {difference}"
        for cell in fresh.cells
        if (difference := _difference(cell, cells.get(cell.id)))
    ]
    known = [cell.id for cell in fresh.cells]
    found += [f"cell {name} is not in the lesson" for name in cells if name not in known]
    if not found and [cell.id for cell in written.cells] != known:
        found.append("its cells are in another order than the lesson's")
    if not found and _frame(fresh) != _frame(written):
        found.append("its metadata differ")
    return found


def _frame(node: NotebookNode) -> dict[str, object]:
    return {key: value for key, value in node.items() if key != "cells"}


def _difference(fresh: NotebookNode, written: NotebookNode | None) -> str | None:
    if written is None:
        return "is missing"
    ours, theirs = dict(fresh), dict(written)
    outputs = ours.pop("outputs", []), theirs.pop("outputs", [])
    if ours != theirs:
        return "is not what the lesson says"
    if is_volatile(fresh) or outputs[0] == outputs[1]:
        return None
    new, old = _first_difference(_shown(outputs[0]), _shown(outputs[1]))
    return f"now prints {new!r} where the notebook has {old!r}"


def _shown(outputs: list[NotebookNode]) -> list[str]:
    """Give the lines that a reader sees, or the raw data where nothing is shown."""
    return [line for output in outputs for line in _text(output).splitlines()]


def _text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return "\n".join(output.traceback)
    return str(output.data.get("text/plain", json.dumps(output.data)))


def _first_difference(new: list[str], old: list[str]) -> tuple[str, str]:
    longest = max(len(new), len(old))
    pairs = zip(new + [""] * (longest - len(new)), old + [""] * (longest - len(old)), strict=True)
    for ours, theirs in pairs:
        if ours != theirs:
            return ours[:_LONGEST], theirs[:_LONGEST]
    return "the same text as another kind of output", "the text"


def _leaks(draft: Draft, subject: Subject) -> list[str]:
    """Name the cells that print what only this machine or this moment would print."""
    place = subject.name(subject.rooms.lesson)
    return [
        f"{place}:{draft.lines[cell.id]}: the cell prints {what}; make that the same everywhere."
        for cell in draft.lesson_cells
        if cell.cell_type == "code"
        for what in _machine_words(cell, subject)
    ]


def _machine_words(cell: NotebookNode, subject: Subject) -> list[str]:
    text = "\n".join(_shown(cell.outputs))
    folders = {sys.prefix, sys.base_prefix, tempfile.gettempdir(), str(subject.root)}
    folders |= {str(Path.home())}
    found = [f"the path {folder}" for folder in sorted(folders) if _mentions(text, folder)]
    if not is_volatile(cell):
        today = datetime.now(UTC).date().isoformat()
        found += [f"an address ({match})" for match in _ADDRESS.findall(text)[:1]]
        found += [f"today's date ({today})"] * (today in text)
    return found


def _mentions(text: str, folder: str) -> bool:
    return len(folder) > 1 and re.search(rf"{re.escape(folder)}(?=[/\\\"'\s:]|$)", text) is not None
