"""List and read zip files; sizes are counted while a member is inflated."""

import stat
import struct
import zipfile
import zlib
from typing import IO

from checker.grading.intake.budget import Budget
from checker.grading.intake.limits import FILE_BYTES, LISTED_FILES, RATIO
from checker.grading.intake.listing import Listing, Read
from checker.grading.intake.names import is_ignored
from checker.grading.intake.oddity import Refused, Scope, refuse
from checker.grading.intake.printing import shown, size
from checker.grading.model import FindingKind

DAMAGE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    IndexError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"
_PIECE = 1_000_000


def open_zip(file: IO[bytes], path: str, most: int) -> zipfile.ZipFile:
    """Open a zip that has at most `most` members, by what is there and not by what it says.

    Raises:
        Refused: it is damaged, or has more.
    """
    if _count(file) > most:
        message = f"{shown(path)} has more than {most:,} files; it was not opened."
        raise refuse(FindingKind.TOO_MANY_FILES, message, path, Scope.ALL)
    try:
        return zipfile.ZipFile(file)
    except DAMAGE as error:
        raise _damaged(path, error) from error


def _count(file: IO[bytes]) -> int:
    """Count what may be entries of the central directory."""
    count, tail = 0, b""
    file.seek(0)
    while piece := file.read(_PIECE):
        piece = tail + piece
        count += piece.count(_ENTRY)
        tail = piece[-3:]
    file.seek(0)
    return count


def list_zip(file: IO[bytes], path: str, listing: Listing, folder: str, budget: Budget) -> None:
    """List the files of a zip below `folder`.

    Raises:
        Refused: it is damaged, encrypted, a bomb, or names a place outside.
    """
    archive = open_zip(file, path, LISTED_FILES)
    members = [one for one in archive.infolist() if not is_ignored(parts_of(one))]
    for member in members:
        list_member(archive, member, true_name(member), listing, budget, below=folder)


def list_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    name: str,
    listing: Listing,
    budget: Budget,
    *,
    below: str = "",
    packed: bool = True,
) -> None:
    """Add a member to a listing by a name below a folder.

    Raises:
        Refused: there is too much, or the name leads outside.
    """
    if is_link(member):
        if clean := listing.clean(name, below=below, windows=True):
            message = f"{shown(clean)} is a link in an archive; links are not followed."
            listing.odd(FindingKind.LINK, message, clean, Scope.PLACE)
    elif is_special(member):
        if clean := listing.clean(name, below=below, windows=True):
            message = f"{shown(clean)} is a device, pipe or socket in an archive."
            listing.odd(FindingKind.SPECIAL_FILE, message, clean)
    elif is_folder(member):
        listing.clean(name, below=below, windows=True)
    elif packed and member.file_size > max(FILE_BYTES, member.compress_size * RATIO):
        # What lies about its size is found while it is read.
        if clean := listing.clean(name, below=below, windows=True):
            bomb = _bomb(shown(clean), member.compress_size, member.file_size)
            listing.odd(FindingKind.BOMB, bomb, clean, Scope.PLACE)
    else:
        read = reader(archive, member, budget)
        listing.add(name, read, below=below, packed=packed, windows=True)


def true_name(member: zipfile.ZipInfo) -> str:
    """Give the whole name; `filename` ends at a NUL character."""
    return member.orig_filename


def parts_of(member: zipfile.ZipInfo) -> list[str]:
    """Give the parts of a member's name, unchecked."""
    return true_name(member).replace("\\", "/").rstrip("/").split("/")


def is_link(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member stands for a symbolic link."""
    return stat.S_ISLNK(member.external_attr >> 16)


def is_special(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member stands for a device, pipe or socket."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)


def is_folder(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a folder, also one that Windows wrote."""
    return true_name(member).endswith(("/", "\\"))


def reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Read:
    """Give what inflates a member as far as is asked."""

    def read(limit: int) -> bytes:
        name = shown(true_name(member))
        if member.flag_bits & 1:
            message = f"{name} is encrypted; hand in an archive without a password."
            raise refuse(FindingKind.UNREADABLE, message)
        if member.compress_type not in _METHODS:
            message = f"{name} is compressed by an unusual method; make an ordinary zip."
            raise refuse(FindingKind.UNREADABLE, message)
        try:
            with archive.open(member) as file:
                content = file.read(limit + 1)
        except DAMAGE as error:
            raise _damaged(true_name(member), error, Scope.FILE) from error
        budget.spend(len(content))
        if len(content) > limit and len(content) > max(1, member.compress_size) * RATIO:
            bomb = _bomb(name, member.compress_size, len(content))
            raise refuse(FindingKind.BOMB, bomb)
        return content

    return read


def _bomb(name: str, packed: int, unpacked: int) -> str:
    return f"{name} has {size(packed)} and becomes {size(unpacked)} or more: a zip bomb."


def _damaged(path: str, error: Exception, scope: Scope = Scope.ALL) -> Refused:
    reason = shown(str(error)) or type(error).__name__
    message = f"{shown(path)} is damaged and cannot be unpacked: {reason}."
    return refuse(FindingKind.UNREADABLE, message, scope=scope)
