"""The user that labs run as, and a way for it to what they need."""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from checker.errors import EnvironmentFaultError

FIRST_USER = 0x7000_0000
NOBODY = 65534
_MAP = Path("/proc/self/uid_map")


def user_for_labs(uid_map: Path = _MAP) -> int | None:
    """Give a user for labs that nobody else is: None, our own, unless we are root."""
    if os.geteuid() != 0:
        return None
    wanted = FIRST_USER + os.getpid()
    for line in uid_map.read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= wanted < first + count:
            return wanted
    return NOBODY


def make_reachable(
    base: Path, paths: Iterable[Path], mount: Callable[[Path, Path], None] | None
) -> dict[Path, Path]:
    """Give a second place to each path that other users cannot reach, as in a home of root's.

    Args:
        base: a folder that other users must be able to enter.
        paths: what they need.
        mount: shows a path at a second place; None where we may not.

    Raises:
        EnvironmentFaultError: there is no way to one of them.
    """
    if (closed := _closed(base)) is not None:
        raise EnvironmentFaultError(
            f"As root, labs run as another user, who cannot enter {closed}.",
            "Set TMPDIR to a folder that everyone may use, for example TMPDIR=/tmp.",
        )
    places: dict[Path, Path] = {}
    for number, path in enumerate(dict.fromkeys(paths)):
        if (closed := _closed(path)) is None:
            continue
        if mount is None:
            raise EnvironmentFaultError(
                f"As root, labs run as another user, who cannot enter {closed}.",
                "Grade as an ordinary user, or install Python and the checker elsewhere.",
            )
        place = base / "reach" / str(number)
        if path.is_dir():
            place.mkdir()
        else:
            place.touch()
        mount(path, place)
        places[path] = place
    return places


def _closed(path: Path) -> Path | None:
    """Find the first folder on the way to a path that others may not enter."""
    ways = [*reversed(path.resolve().parents), path.resolve()]
    for way in ways:
        mode = way.stat().st_mode
        if stat.S_ISDIR(mode) and not mode & stat.S_IXOTH:
            return way
    return None
