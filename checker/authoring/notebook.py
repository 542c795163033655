"""A notebook made of a lesson: stable cell ids, links that lead to the other rooms, no outputs yet.

The lesson is Markdown as jupytext reads it. Python fences become code
cells; every other fence stays text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jupytext  # type: ignore[import-untyped] # it ships no types
import nbformat
from nbformat import NotebookNode

from checker.authoring.subject import Subject
from checker.catalog.lesson import split
from checker.errors import CurriculumError

VOLATILE = "volatile"
_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})(?P<language>[\w+#-]*)(?P<rest>.*)$")
_STAYS_TEXT = " .noeval"
_LESSON_LINK = re.compile(r"(\]\((?:\.\./s\d+_\w+/)?t\d+_\w+)\.md\b")
_CHECK_TEXT = """\
## Check your work

Solve the tasks in your workspace, where `checker start` put them, save, and run the next cell."""
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A notebook without outputs; `lines` tells, by cell id, the lesson's line where it starts."""

    node: NotebookNode
    lines: dict[str, int]

    @property
    def lesson_cells(self) -> list[NotebookNode]:
        """List the cells that are run: all but the last, which judges the reader's own work."""
        return list(self.node.cells[:-1])


def draft_notebook(subject: Subject) -> Draft:
    """Build the notebook of a lesson.

    Raises:
        CurriculumError: a fence in the lesson is not one that jupytext understands.
    """
    _, body, offset = split(subject.rooms.lesson.read_text(encoding="utf-8"))
    text, starts = _fence_off(body)
    parsed = jupytext.reads(text, fmt={"extension": ".md", "split_at_heading": True})
    if sum(cell.cell_type == "code" for cell in parsed.cells) != len(starts):
        raise CurriculumError(
            f"{subject.name(subject.rooms.lesson)}: a code fence inside another one or one of "
            "tildes is not read as it looks.",
            "Use plain ``` fences, none inside another.",
        )
    numbering = _Numbering(subject.topic.id.replace(".", "-"))
    cells = [_markdown(numbering, _preface(subject))]
    lines: dict[str, int] = {}
    for cell in parsed.cells:
        if cell.cell_type == "code":
            cells.append(_code(numbering, cell.source, cell.metadata.get("tags", [])))
            lines[str(cells[-1]["id"])] = offset + starts[len(lines)]
        else:
            source = _LESSON_LINK.sub(r"\1.ipynb", cell.source.replace(_STAYS_TEXT, ""))
            cells.append(_markdown(numbering, source))
    check = f'from checker.notebook import check\n\ncheck("{subject.topic.id}")'
    cells += [_markdown(numbering, _CHECK_TEXT), _code(numbering, check, [VOLATILE])]
    frame = {"metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return Draft(make_node({**frame, "cells": cells}), lines)


def make_node(data: Mapping[str, object]) -> NotebookNode:
    """Turn plain data into the notebook that nbclient works on."""
    node: NotebookNode = nbformat.from_dict(data)  # type: ignore[no-untyped-call] # has no types
    return node


def is_volatile(cell: NotebookNode) -> bool:
    """Tell whether a cell's output may differ from run to run."""
    return VOLATILE in cell.metadata.get("tags", [])


class _Numbering:
    """Give cell ids `5-1-2-c03` by position among the cells of a kind."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._counts: dict[str, int] = {}

    def next(self, kind: str) -> str:
        """Give the next id of a kind."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{self._topic}-{kind}{self._counts[kind]:02d}"


def _fence_off(body: str) -> tuple[str, list[int]]:
    """Mark fences of other languages as text; list the first lines inside Python ones, from 1."""
    lines: list[str] = []
    starts: list[int] = []
    closing = ""
    for number, line in enumerate(body.splitlines(), start=1):
        fence = _FENCE.match(line)
        if closing:
            closing = "" if line.rstrip() == closing else closing
        elif fence:
            closing = fence["mark"]
            if fence["language"] == "python":
                starts.append(number + 1)
            elif fence["language"]:
                line = f"{fence['mark']}{fence['language']}{_STAYS_TEXT}{fence['rest']}"
        lines.append(line)
    return "\n".join(lines) + "\n", starts


def _preface(subject: Subject) -> str:
    address = subject.topic.address
    lesson = f"curriculum/{address}.md"
    return (
        f"*Generated from [{lesson}](../../{lesson}) by `{subject.command}`: "
        "edit the lesson, not this notebook.*\n\n"
        f"[Lab](../../labs/{address}) · [Solution](../../solutions/{address})"
    )


def _markdown(numbering: _Numbering, source: str) -> dict[str, object]:
    cell_id = numbering.next("m")
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def _code(numbering: _Numbering, source: str, tags: Sequence[str]) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": numbering.next("c"),
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source,
    }
