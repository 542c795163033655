"""Touch what learners' code can change as if it were a trap.

Labs run beside folders in which the judge writes and reads. A sandboxed process may put a link, a
pipe or another socket in the place of any file of its own at any moment, so nothing here follows a
link, waits for a pipe or trusts a path that was told: each step of a way is taken from the one
before.
"""

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checker.files import Tree

_WAY = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644


def stage_beneath(tree: Tree, folder: Path, owner: int | None) -> None:
    """Write a tree to a new folder and give it to its owner, if it is not ours.

    Raises:
        OSError: something stands in the way.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    folder.mkdir(_FOLDER_MODE)
    with _opened(folder, _WAY) as root:
        folders = {"": root}
        try:
            for name, content in tree.items():
                parent, _, last = name.rpartition("/")
                _write(_folder_of(parent, folders, owner), last, content, owner)
        finally:
            for path, file in folders.items():
                if path:
                    os.close(file)
        _give(root, owner)


def _folder_of(path: str, folders: dict[str, int], owner: int | None) -> int:
    """Open a folder of the tree; make it, and those above, when they are new."""
    if path not in folders:
        above, _, last = path.rpartition("/")
        parent = _folder_of(above, folders, owner)
        os.mkdir(last, _FOLDER_MODE, dir_fd=parent)
        folders[path] = os.open(last, _WAY, dir_fd=parent)
        _give(folders[path], owner)
    return folders[path]


def _write(folder: int, name: str, content: bytes, owner: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE
    with os.fdopen(os.open(name, flags, _FILE_MODE, dir_fd=folder), "wb") as file:
        file.write(content)
        _give(file.fileno(), owner)


def _give(file: int, owner: int | None) -> None:
    if owner is not None:
        os.fchown(file, owner, owner)


def read_beneath(root: Path, name: str, most: int, *, tail: bool = False) -> bytes | None:
    """Read at most so many bytes of a file below a folder: its beginning, or its end.

    None where there is no such file, or it is not an ordinary one.
    """
    try:
        with _reached(root, name, os.O_RDONLY | _FILE) as number, os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            if tail:
                file.seek(max(0, os.fstat(number).st_size - most))
            return file.read(most)
    except OSError:
        return None


def hold_socket(root: Path, path: str) -> int:
    """Open a unix socket below a folder, so that `/proc/self/fd/N` names this one and no other.

    Raises:
        OSError: there is none.
    """
    flags = getattr(os, "O_PATH", 0) | _FILE
    try:
        name = str(Path(path).relative_to(root))
    except ValueError as error:
        raise OSError(f"{path} is not in the lab's own folder") from error
    with _reached(root, name, flags) as number:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            os.close(number)
            raise OSError(f"{path} is not a socket")
    return number


def held(address: Mapping[str, Any], root: Path | None) -> tuple[dict[str, Any], int | None]:
    """Give an address that nobody can lead elsewhere, and the open file that it hangs on.

    Args:
        address: as it was told; only its socket and its port are taken over.
        root: the folder in which the socket must be; None takes the address as it is.

    Raises:
        OSError: it is no socket of the folder.
    """
    if root is None:
        return dict(address), None
    path, port = address.get("uds"), address.get("port")
    if not isinstance(path, str):
        raise OSError("the address names no socket")
    number = hold_socket(root, path)
    kept: dict[str, Any] = {"uds": f"/proc/self/fd/{number}"}
    if isinstance(port, int):
        kept["port"] = port
    return kept, number


@contextlib.contextmanager
def _opened(path: Path | str, flags: int, **place: int) -> Iterator[int]:
    number = os.open(path, flags, **place)
    try:
        yield number
    finally:
        os.close(number)


@contextlib.contextmanager
def _reached(root: Path, name: str, flags: int) -> Iterator[int]:
    """Open what a relative path names; the block has to close it."""
    parts = Path(name).parts
    if not parts or ".." in parts or Path(name).is_absolute() or "\0" in name:
        raise OSError(f"{name} does not lead below the folder")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_opened(root, _WAY))
        for part in parts[:-1]:
            folder = stack.enter_context(_opened(part, _WAY, dir_fd=folder))
        yield os.open(parts[-1], flags, dir_fd=folder)
