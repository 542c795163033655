"""The files of one submission: all names first, contents only when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from checker.grading.intake.limits import LISTED_FILES
from checker.grading.intake.names import clean_parts, collision_key, is_ignored
from checker.grading.intake.oddity import Oddity, Refused, Scope, refuse
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

Read = Callable[[int], bytes]
"""Gives at most so many bytes and one more; raises Refused when there is nothing to trust."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file with a clean path; `packed` tells that it lies in an archive of the student's."""

    path: str
    read: Read
    packed: bool = False


class Listing:
    """Collects the files and oddities of one submission under its limits."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.oddities: list[Oddity] = []
        self._spelled: dict[str, tuple[str, bool]] = {}
        self._seen = 0

    def add(
        self,
        path: str,
        read: Read,
        *,
        below: str = "",
        packed: bool = False,
        windows: bool = False,
    ) -> None:
        """Add a file below a folder of the submission, unless a tool left it there.

        Raises:
            Refused: nothing more may be added.
        """
        clean = self.clean(path, below=below, windows=windows)
        if clean and self._is_only(clean):
            self.items[clean] = Item(clean, read, packed)

    def clean(self, path: str, *, below: str = "", windows: bool = False) -> str:
        """Give the clean path of something that counts; empty for what is ignored or refused.

        Raises:
            Refused: it leads out of the submission, or there is too much.
        """
        if is_ignored(path.rstrip("/").replace("\\", "/").split("/")):
            return ""
        self.count()
        try:
            return below + "/".join(clean_parts(path, windows=windows))
        except Refused as refused:
            if refused.oddity.scope is Scope.ALL:
                raise
            self.oddities.append(replace(refused.oddity, path=below + refused.oddity.path))
            return ""

    def count(self) -> None:
        """Count one more name.

        Raises:
            Refused: there are too many.
        """
        self._seen += 1
        if self._seen > LISTED_FILES:
            message = f"The submission has more than {LISTED_FILES:,} files; nothing was read."
            raise refuse(FindingKind.TOO_MANY_FILES, message, scope=Scope.ALL)

    def odd(self, kind: FindingKind, message: str, path: str, scope: Scope = Scope.FILE) -> None:
        """Note an oddity of the file at `path`."""
        self.oddities.append(Oddity(kind, message, path, scope))

    def drop(self, path: str) -> None:
        """Forget a file, since it was opened instead."""
        del self.items[path]

    def drop_environments(self) -> None:
        """Forget virtual environments, whatever they are called."""
        ends = tuple(
            path.removesuffix("pyvenv.cfg") for path in self.items if path.endswith("/pyvenv.cfg")
        )
        self.items = {path: one for path, one in self.items.items() if not path.startswith(ends)}
        self.oddities = [one for one in self.oddities if not one.path.startswith(ends)]

    def _is_only(self, path: str) -> bool:
        """Tell whether no other file, nor the folder of one, would lie at the same place."""
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            place, is_file = "/".join(parts[:end]), end == len(parts)
            key = collision_key(place)
            other, was_file = self._spelled.setdefault(key, (place, is_file))
            if other != place or was_file != is_file or (is_file and place in self.items):
                self._collide(path, other, place)
                return False
        return True

    def _collide(self, path: str, other: str, place: str) -> None:
        if other == place:
            message = f"{shown(place)} is there twice; which one counts cannot be told."
        else:
            message = f"{shown(other)} and {shown(place)} are one name on some systems."
        self.odd(FindingKind.NAME_COLLISION, message, path)
