"""Speak of what lies in no topic: folders that are none, code, and files to look at."""

from collections.abc import Iterable

from checker.grading.intake.flags import flag_files
from checker.grading.intake.oddity import Oddity, Scope
from checker.grading.intake.printing import shown
from checker.grading.intake.topics import Sorted
from checker.grading.model import FindingKind

_HOUSE = frozenset(
    {"checker", "curriculum", "labs", "solutions", "notebooks", "tests", ".github", ".devcontainer"}
)
"""Folders of the workbook itself, for those who hand in their clone of it."""


def note_strays(found: Sorted) -> list[Oddity]:
    """Note what was left out since it lies in no topic; nothing when there is no topic at all."""
    if not found.roots:
        return []
    parents = _parents(found.roots.values())
    paths = [path for item in found.rest if (path := item.path)]
    strays: dict[str, Oddity] = {}
    for path in paths:
        place = _outermost(path, parents)
        if place.rpartition("/")[2] in _HOUSE:
            continue
        if place != path:
            message = f"{shown(place)} is no topic and was left out."
            oddity = Oddity(FindingKind.UNKNOWN_FOLDER, message, place, Scope.NOTE)
            strays.setdefault(place, oddity)
        elif path.endswith(".py") and not flag_files([path], {}, ""):
            message = f"{shown(path)} lies in no topic and was left out."
            strays[path] = Oddity(FindingKind.LEFT_OUT, message, path, Scope.NOTE)
    return [*strays.values(), *flag_files(_outside_house(paths, parents), {}, "")]


def _outside_house(paths: Iterable[str], parents: frozenset[str]) -> list[str]:
    return [p for p in paths if _outermost(p, parents).rpartition("/")[2] not in _HOUSE]


def _parents(roots: Iterable[str]) -> frozenset[str]:
    """Give all folders that hold a topic."""
    found = set()
    for root in roots:
        parts = root.split("/")
        found |= {"/".join(parts[:end]) for end in range(1, len(parts))}
    return frozenset(found)


def _outermost(path: str, parents: frozenset[str]) -> str:
    """Give the topmost folder of a path, or the file itself, that holds no topic."""
    parts = path.split("/")
    places = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return next(place for place in places if place not in parents)
