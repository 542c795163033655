"""Find the regions of the learner's files: the places that the tasks ask them to fill."""

import re
from collections.abc import Iterator, Mapping

from checker.judge.evidence import Region

_OPENING = re.compile(r"^\s*(?:#|//|--|;|<!--|\{#|/\*)\s*region\s+(?P<task>\w+)")
_CLOSING = re.compile(r"^\s*(?:#|//|--|;|<!--|\{#|/\*)\s*endregion\b")
_MARK = b"region"


def find_regions(tree: Mapping[str, bytes]) -> tuple[Region, ...]:
    """List the regions in all files that are text; one left open reaches to the file's end."""
    return tuple(
        region
        for name, content in sorted(tree.items())
        if _MARK in content
        for region in _regions(name, content.decode("utf-8", "replace").splitlines())
    )


def _regions(name: str, lines: list[str]) -> Iterator[Region]:
    opened: tuple[str, int] | None = None
    for number, line in enumerate(lines, start=1):
        opening = _OPENING.match(line)
        if opened and (opening or _CLOSING.match(line)):
            yield Region(*opened, file=name, last=number, text=lines[opened[1] - 1].strip())
            opened = None
        if opening:
            opened = opening["task"], number
    if opened:
        yield Region(*opened, file=name, last=len(lines), text=lines[opened[1] - 1].strip())
