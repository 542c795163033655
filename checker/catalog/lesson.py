"""Read a lesson's text: front matter apart from body, headings, statements of tasks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
_TASK = re.compile(r"^Task:\s+(?P<title>.+?)\s+`(?P<id>[^`]+)`$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside of code; `line` is its index in the body's lines, from 0."""

    level: int
    text: str
    line: int

    @property
    def task(self) -> tuple[str, str] | None:
        """Give (id, title) when it opens a task's statement: "Task: <title>  `<id>`"."""
        match = _TASK.match(self.text)
        return (match["id"], match["title"]) if match else None


def split(text: str) -> tuple[str | None, str, int]:
    """Split a lesson into front matter, body and the number of lines before the body.

    The front matter is None when the file does not begin with `---` or it is never closed.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        return None, text, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]) + "\n", number + 1
    return None, text, 0


def headings(body: str) -> list[Heading]:
    """List the headings of a body in order; lines inside fenced code are not headings."""
    return list(_headings(body))


def statement(body: str, task: str) -> str | None:
    """Give the text below a task's heading, up to the next heading; None without the heading."""
    found = headings(body)
    for place, heading in enumerate(found):
        if heading.task and heading.task[0] == task:
            end = found[place + 1].line if place + 1 < len(found) else None
            return "\n".join(body.splitlines()[heading.line + 1 : end]).strip()
    return None


def _headings(body: str) -> Iterator[Heading]:
    fence = ""
    for number, line in enumerate(body.splitlines()):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        elif match := _HEADING.match(line):
            yield Heading(len(match[1]), match[2].strip(), number)
