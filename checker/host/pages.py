"""The pages of memory that a launch touches, so that a process forked ahead touches them first.

A fork shares every page until one side writes to it, and each first touch costs a page fault. A
launch takes thousands of them, nearly all on pages that every launch touches.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

# Each run of pages: its address, its length, and the advice to madvise that touches it.
Pages = Sequence[tuple[int, int, int]]

PAGE = 4096
_POPULATE_READ, _POPULATE_WRITE = 22, 23
_PRESENT, _FROM_FILE, _EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56


def touch(pages: Pages) -> None:
    """Make pages this process's own; does nothing where the system cannot (before Linux 5.14)."""
    if pages:
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
        for address, length, advice in pages:
            madvise(address, length, advice)


def own_pages() -> Pages:
    """List the pages that this process has touched since it was forked (Linux)."""
    if sys.platform != "linux" or os.sysconf("SC_PAGE_SIZE") != PAGE:
        return ()
    with contextlib.suppress(OSError), Path("/proc/self/pagemap").open("rb", buffering=0) as file:
        return [
            run
            for begin, end, writable in _mappings()
            for run in _runs(begin, _flags(file.fileno(), begin, end), writable=writable)
        ]
    return ()


def _mappings() -> Iterator[tuple[int, int, bool]]:
    """List the private mappings but for those of the kernel."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        place, rights, *_ = line.split()
        if rights.startswith("r") and rights.endswith("p") and "[v" not in line:
            begin, end = (int(address, 16) for address in place.split("-"))
            yield begin, end, "w" in rights


def _flags(pagemap: int, begin: int, end: int) -> Iterator[int]:
    data = os.pread(pagemap, (end - begin) // PAGE * 8, begin // PAGE * 8)
    return (flags for (flags,) in struct.iter_unpack("=Q", data))


def _runs(begin: int, flags: Iterator[int], *, writable: bool) -> Iterator[tuple[int, int, int]]:
    """Join neighbours that were touched in the same way."""
    address = begin
    for advice, group in groupby(flags, lambda flag: _advice(flag, writable=writable)):
        length = sum(1 for _ in group) * PAGE
        if advice:
            yield address, length, advice
        address += length


def _advice(flags: int, *, writable: bool) -> int:
    if not flags & _PRESENT:
        return 0
    if flags & _FROM_FILE:
        return _POPULATE_READ
    return _POPULATE_WRITE if writable and flags & _EXCLUSIVE else 0
