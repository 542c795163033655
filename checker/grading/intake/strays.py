"""Speak of what lies in no topic: folders that are none, code, and files to look at."""

from collections.abc import Iterable

from checker.grading.intake.flags import flag_files
from checker.grading.intake.oddity import Oddity, Scope
from checker.grading.intake.printing import shown
from checker.grading.intake.topics import Sorted
from checker.grading.model import FindingKind

_HOUSE = frozenset({"checker", "curriculum", "labs", "solutions", "notebooks", "tests"})
"""Folders of the workbook itself, for those who hand in their clone of it."""
_HOST = frozenset({".github", ".devcontainer", ".ci"})


def note_strays(found: Sorted) -> list[Oddity]:
    """Note what was left out since it lies in no topic; nothing when there is no topic at all."""
    if not found.roots:
        return []
    places = _strays(found)
    strays = dict.fromkeys(_about(path, place) for path, place in places.items())
    return [*filter(None, strays), *flag_files(places, {}, "")]


def _strays(found: Sorted) -> dict[str, str]:
    """Give the files that lie in no topic, with the topmost folder that holds none."""
    parents = _parents(found.roots.values())
    spoken_of = tuple(f"{place}/" for place in found.passed_over)
    paths = [item.path for item in found.rest if not item.path.startswith(spoken_of)]
    places = {path: _outermost(path, parents) for path in paths}
    names = {place: place.rpartition("/")[2] for place in places.values()}
    ours = _HOST | _HOUSE if "curriculum" in names.values() else _HOST
    return {path: place for path, place in places.items() if names[place] not in ours}


def _about(path: str, place: str) -> Oddity | None:
    if place != path:
        message = f"{shown(place)} is no topic and was left out."
        return Oddity(FindingKind.UNKNOWN_FOLDER, message, place, Scope.NOTE)
    if path.endswith(".py") and not flag_files([path], {}, ""):
        message = f"{shown(path)} lies in no topic and was left out."
        return Oddity(FindingKind.LEFT_OUT, message, path, Scope.NOTE)
    return None


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
