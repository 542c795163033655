"""Stray files: whatever lies in a room and belongs to no topic of the outline."""

import os
from collections.abc import Iterator
from pathlib import Path

from checker.catalog import Catalog
from checker.files import IGNORED_FOLDERS, IGNORED_SUFFIXES

_ALLOWED = frozenset({"outline.toml", "__init__.py", "README.md"})


def name_from(root: Path, path: Path) -> str:
    """Name `path` relative to `root` with `/`, or in full when it lies elsewhere."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def is_present(path: Path) -> bool:
    """Tell whether a room exists: a file, or a folder with a file that no tool left there."""
    return path.is_file() or any(files_below(path))


def files_below(folder: Path) -> Iterator[Path]:
    """Walk the files in a folder, less those that tools leave there."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - IGNORED_FOLDERS)
        yield from (
            Path(place, name) for name in sorted(names) if not name.endswith(IGNORED_SUFFIXES)
        )


def stray_files(catalog: Catalog) -> list[str]:
    """Name each file in the six rooms that no topic owns, and what to do about it."""
    layout = catalog.layout
    files, folders = _owned(catalog)
    rooms = [layout.content / room for room in ("curriculum", "labs", "solutions", "notebooks")]
    rooms += [layout.suites, *([layout.answers] if layout.answers else [])]
    return [
        f"{name_from(layout.content, path)} belongs to no topic: move or remove it."
        for room in rooms
        for path in files_below(room)
        if not _is_allowed(path, room) and path not in files and folders.isdisjoint(path.parents)
    ]


def stray_answers(root: Path, answers: Path) -> list[str]:
    """Name the files of a topic's answers that are neither `wrong.toml` nor in a right answer."""
    return [
        f"{name_from(root, path)} is no answer: move it into right/<name>/ or remove it."
        for path in files_below(answers)
        if path != answers / "wrong.toml" and not _in_right_answer(path.relative_to(answers))
    ]


def _in_right_answer(path: Path) -> bool:
    return len(path.parts) > 2 and path.parts[0] == "right"


def _owned(catalog: Catalog) -> tuple[set[Path], set[Path]]:
    files: set[Path] = set()
    folders: set[Path] = set()
    for topic in catalog.topics:
        rooms = catalog.rooms(topic)
        files |= {rooms.lesson, rooms.suite, rooms.notebook, rooms.bugs}
        folders |= {rooms.lab, rooms.solution, rooms.answers}
    return files, folders


def _is_allowed(path: Path, room: Path) -> bool:
    """Tell whether a file is one that explains or marks a room or a section, not a topic's."""
    return path.name in _ALLOWED and len(path.relative_to(room).parts) <= 2
