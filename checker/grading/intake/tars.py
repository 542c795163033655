"""List and read tar files that are in memory already, decompressed and within limits."""

import tarfile
from io import BytesIO
from typing import Self

from checker.grading.intake.limits import LISTED_FILES
from checker.grading.intake.listing import Listing, Read
from checker.grading.intake.oddity import Scope, refuse
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

_DAMAGE = (tarfile.TarError, ValueError, EOFError, OSError, OverflowError, IndexError, KeyError)
_LONG = 65_536
_ABOUT_THE_NEXT = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


class _Header(tarfile.TarInfo):
    """A header that may not send its reader backwards, nor keep it busy with a long name."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a block.

        Raises:
            ReadError: no honest tar has it.
        """
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in _ABOUT_THE_NEXT and header.size > _LONG):
            raise tarfile.ReadError("a header has an impossible size")
        return header


def list_tar(content: bytes, path: str, listing: Listing, folder: str) -> None:
    """List the files of a tar below `folder`.

    Raises:
        Refused: it is damaged, has too many files, or names a place outside.
    """
    try:
        archive = tarfile.open(  # noqa: SIM115 - members are read from it later
            fileobj=BytesIO(content), mode="r:", tarinfo=_Header, errorlevel=2
        )
        last = 0
        for place, member in enumerate(archive):
            if place >= LISTED_FILES or member.offset < last or member.size < 0:
                raise tarfile.ReadError("it has too many files, or goes in a circle")
            last = member.offset
            _list_member(archive, member, listing, folder)
    except (*_DAMAGE, RecursionError, MemoryError) as error:
        reason = shown(str(error)) or type(error).__name__
        message = f"{shown(path)} is damaged and cannot be unpacked: {reason}."
        raise refuse(FindingKind.UNREADABLE, message, path, Scope.ALL) from error


def _list_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, listing: Listing, folder: str
) -> None:
    if member.isreg():
        listing.add(member.name, _reader(archive, member), below=folder, packed=True)
        return
    clean = listing.clean(member.name, below=folder)
    if not clean or member.isdir():
        return
    if member.issym() or member.islnk():
        message = f"{shown(clean)} is a link in an archive; links are not followed."
        listing.odd(FindingKind.LINK, message, clean, Scope.PLACE)
    else:
        message = f"{shown(clean)} is a device, pipe or socket in an archive."
        listing.odd(FindingKind.SPECIAL_FILE, message, clean)


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Read:
    def read(limit: int) -> bytes:
        try:
            file = archive.extractfile(member)
            content = file.read(min(limit + 1, member.size)) if file else b""
        except (*_DAMAGE, MemoryError) as error:
            message = f"{shown(member.name)} is damaged: {shown(str(error))}."
            raise refuse(FindingKind.UNREADABLE, message) from error
        return content

    return read
