"""Read files from disk that strangers made: no link is followed, nothing special is opened."""

import os
import stat
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

from checker.grading.intake.listing import Listing
from checker.grading.intake.names import is_hidden_folder, is_noise
from checker.grading.intake.oddity import Refused, Scope, refuse
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_REPARSE_POINT = 0x400


class Kind(Enum):
    """What lies at a path."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    SPECIAL = auto()


def kind_of(path: Path) -> Kind:
    """Tell what lies at a path without following it; a file with a second name is a link.

    Raises:
        OSError: it cannot be told.
    """
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode) or getattr(found, "st_file_attributes", 0) & _REPARSE_POINT:
        return Kind.LINK
    if stat.S_ISDIR(found.st_mode):
        return Kind.FOLDER
    if stat.S_ISREG(found.st_mode):
        return Kind.LINK if found.st_nlink > 1 else Kind.FILE
    return Kind.SPECIAL


def scan(folder: Path) -> list[str]:
    """List the names in a folder, in an order that does not depend on the file system.

    Raises:
        OSError: it cannot be read.
    """
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def read_file(path: Path, limit: int) -> bytes:
    """Give at most `limit` bytes and one more of a plain file.

    Raises:
        Refused: it is no plain file any more, or cannot be read.
    """
    try:
        descriptor = os.open(path, _FLAGS | _BINARY)
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                return file.read(min(limit, found.st_size) + 1)
    except OSError as error:
        raise _unreadable(path.name, path.name, error) from error
    raise refuse(FindingKind.SPECIAL_FILE, f"{shown(path.name)} is no ordinary file.")


def list_folder(folder: Path, listing: Listing, prefix: str = "") -> None:
    """List the files below a folder; links, special files and what is unreadable are noted.

    Raises:
        Refused: there is too much.
    """
    try:
        names = scan(folder)
    except OSError as error:
        listing.oddities.append(_unreadable(prefix.rstrip("/"), folder.name, error).oddity)
        return
    if "pyvenv.cfg" in names:
        return
    for name in names:
        if not is_noise(name) and not is_hidden_folder(name):
            _list_entry(folder / name, prefix + name, listing)


def _list_entry(path: Path, name: str, listing: Listing) -> None:
    try:
        kind = kind_of(path)
    except OSError as error:
        listing.oddities.append(_unreadable(name, name, error).oddity)
        return
    if kind is Kind.FILE:
        listing.add(name, lambda limit: read_file(path, limit))
    elif clean := listing.clean(name):
        if kind is Kind.FOLDER:
            list_folder(path, listing, f"{clean}/")
        else:
            note_odd_kind(kind, name, listing)


def note_odd_kind(kind: Kind, name: str, listing: Listing, scope: Scope = Scope.FILE) -> None:
    """Note a link or a special file, which is not opened."""
    if kind is Kind.LINK:
        message = f"{shown(name)} is a link, or a file with a second name; links are not followed."
        listing.odd(FindingKind.LINK, message, name, Scope.PLACE)
    else:
        message = f"{shown(name)} is a device, pipe or socket; it was not opened."
        listing.odd(FindingKind.SPECIAL_FILE, message, name, scope)


def paths_below(folder: Path) -> Iterator[tuple[Path, Kind]]:
    """Walk everything below a folder; links are not followed.

    Raises:
        OSError: something cannot be read.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        for name in scan(here):
            kind = kind_of(here / name)
            yield here / name, kind
            if kind is Kind.FOLDER:
                waiting.append(here / name)


def _unreadable(path: str, name: str, error: OSError) -> Refused:
    reason = error.strerror or type(error).__name__
    return refuse(
        FindingKind.UNREADABLE, f"{shown(name)} cannot be read: {reason}.", path, Scope.PLACE
    )
