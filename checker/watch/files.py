"""Which files of a workspace changed since the last look, told by their stamps alone.

Editors write in place, or to a temporary file that they rename; file systems report that in many
ways or not at all. Comparing stamps sees the same change in each case.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from checker.files import IGNORED_FOLDERS

Stamp = tuple[int, int, int]

IGNORED_ENDINGS = (
    ".pyc",
    ".db",
    ".db-journal",
    ".db-wal",
    ".db-shm",
    ".sqlite",
    ".sqlite3",
    ".log",
)
EDITOR_ENDINGS = (".swp", ".swx", ".swo", ".tmp", ".bak", ".orig", "~", ".part")
KEPT_HIDDEN = (".env", ".dockerignore", ".gitignore")
KEPT_FOLDERS = (".github",)


def is_source(name: str) -> bool:
    """Tell a file that the learner edits from what editors, Python and the app leave behind."""
    if name.startswith(".") and not name.startswith(KEPT_HIDDEN):
        return False
    if name == "4913" or name.startswith(("#", "~")):
        return False
    return not name.endswith(IGNORED_ENDINGS + EDITOR_ENDINGS)


def scan(folder: Path) -> dict[str, Stamp]:
    """Stamp every source file below a folder: time of change in ns, size, inode."""
    found: dict[str, Stamp] = {}
    _scan_into(found, str(folder))
    return found


def scan_again(before: dict[str, Stamp], folder: Path, paths: Iterable[str]) -> dict[str, Stamp]:
    """Stamp anew what lies beside and below `paths`, and take the rest from the look before.

    Without paths, or with one outside of `folder`, every file is looked at.
    """
    root = str(folder) + os.sep
    beside = {os.path.dirname(path) + os.sep for path in paths}  # noqa: PTH120 - a string stays one
    if not beside or not all(place.startswith(root) for place in beside):
        return scan(folder)
    found = {path: stamp for path, stamp in before.items() if not path.startswith(tuple(beside))}
    for place in beside:
        if not any(map(_is_ignored, Path(place[len(root) :]).parts)):
            _scan_into(found, place[: -len(os.sep)])
    return found


def changes(before: dict[str, Stamp], after: dict[str, Stamp]) -> set[str]:
    """Name the files that were written, added or taken away between two looks."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def _is_ignored(folder: str) -> bool:
    return folder in IGNORED_FOLDERS or (folder.startswith(".") and folder not in KEPT_FOLDERS)


def _scan_into(found: dict[str, Stamp], folder: str) -> None:
    """Add the stamps below a folder; what vanishes while being looked at is left out."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                if not _is_ignored(entry.name):
                    _scan_into(found, entry.path)
            elif is_source(entry.name):
                status = entry.stat()
                found[entry.path] = (status.st_mtime_ns, status.st_size, status.st_ino)
