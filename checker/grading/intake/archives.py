"""Tell archives by their first bytes, and list what is in one without trusting its headers."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Protocol

from checker.grading.intake.budget import Budget
from checker.grading.intake.limits import ARCHIVE_BYTES, FILE_BYTES, RATIO
from checker.grading.intake.listing import Item, Listing
from checker.grading.intake.oddity import Refused, Scope, refuse
from checker.grading.intake.printing import shown, size
from checker.grading.intake.tars import list_tar
from checker.grading.intake.zips import list_zip
from checker.grading.model import FindingKind

_SUFFIXES = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".tbz", ".txz", ".zip", ".tar")
_FOREIGN_SUFFIXES = (".7z", ".rar", ".gz", ".bz2", ".xz", ".tar.zst", ".zst", ".tar.lz", ".zipx")
_FOREIGN = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard"}
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_PIECE = 1_000_000
_STREAMS = 100
_LZMA_MEMORY = 100_000_000


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def stem(name: str) -> str:
    """Give the name of an archive without its suffix; any other name as it is.

    >>> stem("ada.tar.gz"), stem("app.py")
    ('ada', 'app.py')
    """
    for suffix in _SUFFIXES + _FOREIGN_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def is_archive_name(name: str) -> bool:
    """Tell whether a file is named like an archive, also one that cannot be read here."""
    return stem(name) != name


def looks_like_archive(start: bytes) -> bool:
    """Tell by its first bytes whether a file without a suffix is an archive."""
    return start.startswith((*_ZIPS, b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", *_FOREIGN))


def open_archive(item: Item, listing: Listing, budget: Budget) -> None:
    """List an archive's files below its name without the suffix.

    Its own bytes and what comes out of it is counted by `budget`.

    Raises:
        Refused: it cannot be trusted or read; nothing of it is in the listing then.
    """
    packed = item.read(ARCHIVE_BYTES)
    if len(packed) > ARCHIVE_BYTES:
        message = f"{shown(item.path)} is larger than {size(ARCHIVE_BYTES)}; it was not opened."
        raise refuse(FindingKind.TOO_LARGE, message, item.path, Scope.ALL)
    budget.spend(len(packed))
    before, folder = dict(listing.items), f"{stem(item.path)}/"
    try:
        if packed.startswith(_ZIPS):
            list_zip(BytesIO(packed), item.path, listing, folder, budget)
        else:
            list_tar(_tar_bytes(packed, item.path, budget), item.path, listing, folder)
    except Refused:
        listing.items = before
        raise


def _tar_bytes(packed: bytes, path: str, budget: Budget) -> bytes:
    makers: tuple[tuple[bytes, Callable[[], _Decompressor]], ...] = (
        (b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),
        (b"BZh", bz2.BZ2Decompressor),
        (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _LZMA_MEMORY)),
    )
    for magic, make in makers:
        if packed.startswith(magic):
            return _inflate(packed, make, path, budget)
    if packed[257:262] == b"ustar":
        return packed
    raise _no_archive(packed, path)


def _no_archive(packed: bytes, path: str) -> Refused:
    for magic, name in _FOREIGN.items():
        if packed.startswith(magic):
            message = f"{shown(path)} is a {name} archive; hand in a zip or a tar instead."
            return refuse(FindingKind.UNREADABLE, message, path, Scope.ALL)
    what = "is empty" if not packed else "is no zip or tar, though it is named like an archive"
    return refuse(FindingKind.UNREADABLE, f"{shown(path)} {what}.", path, Scope.ALL)


def _inflate(packed: bytes, make: Callable[[], _Decompressor], path: str, budget: Budget) -> bytes:
    """Decompress one stream after the other, and count what comes out."""
    parts: list[bytes] = []
    total, rest, streams = 0, packed, 0
    try:
        while rest:
            stream, streams = make(), streams + 1
            if streams > _STREAMS:
                raise EOFError(f"it has more than {_STREAMS} parts")
            while not stream.eof:
                part = stream.decompress(rest, _PIECE)
                rest = _rest(stream)
                parts.append(part)
                total += len(part)
                if total > max(FILE_BYTES, RATIO * len(packed)):
                    raise _bomb(path, len(packed), total)
                budget.spend(len(part))
                if not part and not rest and not stream.eof:
                    raise EOFError("it ends too early")
            rest = stream.unused_data.lstrip(b"\0")
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, MemoryError) as error:
        message = f"{shown(path)} is damaged: {error}."
        raise refuse(FindingKind.UNREADABLE, message, path, Scope.ALL) from error
    return b"".join(parts)


def _rest(stream: _Decompressor) -> bytes:
    """Give input that was not looked at; bz2 and lzma keep it themselves."""
    return bytes(getattr(stream, "unconsumed_tail", b""))


def _bomb(path: str, packed: int, unpacked: int) -> Refused:
    message = f"{shown(path)} has {size(packed)} and becomes {size(unpacked)} or more: a bomb."
    return refuse(FindingKind.BOMB, message, path, Scope.ALL)
