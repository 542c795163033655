"""Find the first difference between what was expected and what came."""

from dataclasses import dataclass
from enum import StrEnum

from checker.judge.diagnosis.values import first_difference, show

Path = tuple[object, ...]


class How(StrEnum):
    """In which way two values differ."""

    VALUE = "value"
    TYPE = "type"
    MISSING = "missing"
    EXTRA = "extra"
    LENGTH = "length"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference: where, how, and the two values there.

    For `missing` and `extra` the path ends with the key in question, `expected` or `got` is its
    value, and the other is the object that lacks it. `at` is the first differing character of two
    strings.
    """

    path: Path
    how: How
    expected: object
    got: object
    at: int | None = None


class EachEntry:
    """Stands in a path for every entry of a list."""


def path_text(path: Path, root: str = "body") -> str:
    """Write a path as an expression: `body["books"][0]["title"]`."""
    return root + "".join("[…]" if part is EachEntry else f"[{show(part)}]" for part in path)


def find_difference(got: object, expected: object, path: Path = ()) -> Difference | None:
    """Compare depth first: keys that are missing, then values, then keys that are too many."""
    if same(got, expected):
        return None
    if isinstance(got, dict) and isinstance(expected, dict):
        return _in_objects(got, expected, path)
    if isinstance(got, list) and isinstance(expected, list):
        return _in_lists(got, expected, path)
    if isinstance(got, str) and isinstance(expected, str):
        return Difference(path, How.VALUE, expected, got, first_difference(got, expected))
    how = How.VALUE if _is_same_type(got, expected) else How.TYPE
    return Difference(path, how, expected, got)


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal; a comparison that raises says no."""
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001 - any exception can come out of a foreign __eq__
        return False


def _is_same_type(got: object, expected: object) -> bool:
    numbers = (int, float)
    if isinstance(got, bool) or isinstance(expected, bool):
        return type(got) is type(expected)
    return type(got) is type(expected) or (
        isinstance(got, numbers) and isinstance(expected, numbers)
    )


def _in_objects(
    got: dict[object, object], expected: dict[object, object], path: Path
) -> Difference | None:
    for key, value in expected.items():
        if key not in got:
            return Difference((*path, key), How.MISSING, value, got)
    for key, value in expected.items():
        found = find_difference(got[key], value, (*path, key))
        if found is not None:
            return found
    for key, value in got.items():
        if key not in expected:
            return Difference((*path, key), How.EXTRA, expected, value)
    return None


def _in_lists(got: list[object], expected: list[object], path: Path) -> Difference | None:
    if len(got) != len(expected):
        return Difference(path, How.LENGTH, expected, got)
    if sorted(map(show, got)) == sorted(map(show, expected)):
        return Difference(path, How.ORDER, expected, got)
    for index, (left, right) in enumerate(zip(got, expected, strict=True)):
        found = find_difference(left, right, (*path, index))
        if found is not None:
            return found
    return None
