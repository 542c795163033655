"""Where submissions lie: a folder on disk, or a downloaded zip that is never unpacked."""

import zipfile
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from checker.grading.intake.budget import Budget
from checker.grading.intake.disk import Kind, kind_of, list_folder, read_file, scan
from checker.grading.intake.limits import UNPACKED_BYTES
from checker.grading.intake.listing import Listing
from checker.grading.intake.oddity import Refused, Scope, refuse
from checker.grading.intake.printing import shown
from checker.grading.intake.zips import (
    is_folder,
    is_link,
    is_special,
    list_member,
    open_zip,
    parts_of,
    reader,
    true_name,
)
from checker.grading.model import FindingKind

MOST_MEMBERS = 2_000_000
"""Of a whole class's download, archives inside it included."""


class Shelf(ABC):
    """Gives what lies in a place; paths are relative to it, `""` is the place itself."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """List what lies in a folder, in the order of the alphabet; nothing if it is none."""

    @abstractmethod
    def kind(self, path: str) -> Kind:
        """Tell what lies at a path; SPECIAL also where it cannot be told."""

    @abstractmethod
    def read(self, path: str, limit: int) -> bytes:
        """Give at most `limit` bytes and one more of a file.

        Raises:
            Refused: it cannot be read.
        """

    @abstractmethod
    def list_into(self, path: str, listing: Listing) -> None:
        """List the files of a folder.

        Raises:
            Refused: there is too much, or something leads outside.
        """

    def on_disk(self, _path: str) -> Path | None:
        """Give the place on disk; None when it lies in an archive."""
        return None


class DiskShelf(Shelf):
    """A folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self, folder: str) -> list[str]:
        """List a folder."""
        try:
            return scan(self.root / folder) if self.kind(folder) is Kind.FOLDER else []
        except OSError:
            return []

    def kind(self, path: str) -> Kind:
        """Tell what lies there; the root itself may be a link of the instructor's."""
        try:
            return kind_of(self.root / path) if path else Kind.FOLDER
        except OSError:
            return Kind.SPECIAL

    def read(self, path: str, limit: int) -> bytes:
        """Read a file."""
        return read_file(self.root / path, limit)

    def list_into(self, path: str, listing: Listing) -> None:
        """List a folder."""
        list_folder(self.root / path, listing)

    def on_disk(self, path: str) -> Path | None:
        """Give the place."""
        return self.root / path


@dataclass
class _Node:
    members: list[zipfile.ZipInfo] = field(default_factory=list)
    children: dict[str, "_Node"] = field(default_factory=dict)


class ZipShelf(Shelf):
    """A downloaded zip.

    Args:
        file: the zip.

    Raises:
        Refused: it is damaged.
    """

    def __init__(self, file: Path) -> None:
        opened = file.open("rb")
        try:
            self._zip = open_zip(opened, file.name, MOST_MEMBERS)
        except Refused:
            opened.close()
            raise
        self._file = opened
        self._root = _Node()
        self.escapes: list[str] = []
        for member in self._zip.infolist():
            self._place(member)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def _place(self, member: zipfile.ZipInfo) -> None:
        first, *others = [part for part in parts_of(member) if part != "."] or [""]
        if first in ("", "..") or ":" in first:
            self.escapes.append(true_name(member))
            return
        node = self._root.children.setdefault(first, _Node())
        # What leads outside keeps its name, so that it is refused in its student's row.
        for part in others if ".." not in others else ["/".join(others)]:
            node = node.children.setdefault(part, _Node())
        node.members.append(member)

    def _find(self, path: str) -> _Node:
        node = self._root
        for part in path.split("/") if path else []:
            node = node.children.get(part, _Node())
        return node

    def names(self, folder: str) -> list[str]:
        """List a folder."""
        return sorted(self._find(folder).children)

    def kind(self, path: str) -> Kind:
        """Tell what the zip says that it is."""
        node = self._find(path)
        if node.children or not path or all(is_folder(one) for one in node.members):
            return Kind.FOLDER
        member = node.members[0]
        if is_link(member):
            return Kind.LINK
        return Kind.SPECIAL if is_special(member) else Kind.FILE

    def read(self, path: str, limit: int) -> bytes:
        """Inflate a file."""
        members = self._find(path).members
        if len(members) != 1:
            message = f"{shown(path)} is there twice; which one counts cannot be told."
            raise refuse(FindingKind.NAME_COLLISION, message, path, Scope.ALL)
        return reader(self._zip, members[0], Budget(path, max(limit + 1, UNPACKED_BYTES)))(limit)

    def list_into(self, path: str, listing: Listing) -> None:
        """List the members below a folder."""
        self._list(self._find(path), "", listing, Budget(path))

    def _list(self, node: _Node, below: str, listing: Listing, budget: Budget) -> None:
        for name, child in sorted(node.children.items()):
            for member in child.members:
                list_member(self._zip, member, below + name, listing, budget, packed=False)
            self._list(child, f"{below}{name}/", listing, budget)
