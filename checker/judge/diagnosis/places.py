"""Find where in a body a value stands that a suite has taken out of it."""

from collections.abc import Iterator

from checker.judge.diagnosis.case import NOWHERE, look_up
from checker.judge.diagnosis.difference import Path, same

DEEPEST = 8


def locate(body: object, value: object, path: Path) -> Path | None:
    """Give the place in `body` of what `path` leads to in `value`.

    The outermost object or list on the way that occurs in the body decides; None if none does.
    """
    for end in range(len(path) + 1):
        part = look_up(value, path[:end])
        if part is NOWHERE or not isinstance(part, dict | list) or not part:
            return None
        found = next((there for there, one in _walk(body) if same(one, part)), None)
        if found is not None:
            return (*found, *path[end:])
    return None


def _walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if len(path) > DEEPEST:
        return
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*path, index))
