"""Mounts that only this process and its children see, and that need no right of root's.

An ordinary user gets the right to mount in a user namespace in which the own user keeps its number.
All of it is Linux.
"""

import ctypes
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_PRIVATE_BELOW = 0x4000 | 0x40000
_NOSUID_NODEV, _BIND, _DETACH = 2 | 4, 4096, 2
_READ_ONLY = 4096 | 32 | 1  # of a bind mount that is there


def own_mounts() -> bool:
    """Let this process, which must have one thread, mount for itself; tell whether it can.

    It is tried in a fork before: a system may give the namespace, but no right in it.
    """
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _enter()
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                mount_tmpfs(Path(folder), 1 << 20, 16)
                unmount(Path(folder))
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(pid, 0)[1]:
        return False
    _enter()
    return True


def _enter() -> None:
    user, group = os.getuid(), os.getgid()
    mapped = os.geteuid() != 0
    _check(_libc().unshare(_NEW_MOUNTS | (_NEW_USER if mapped else 0)), "unshare")
    if mapped:
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _check(_libc().mount(b"none", b"/", None, _PRIVATE_BELOW, None), "mount")


def mount_tmpfs(folder: Path, size: int, files: int) -> None:
    """Mount an empty file system in memory, of so many bytes and files."""
    options = f"size={size},nr_inodes={files},mode=755".encode()
    path = os.fsencode(folder)
    _check(_libc().mount(b"tmpfs", path, b"tmpfs", _NOSUID_NODEV, options), "mount")


def show_again(source: Path, place: Path) -> None:
    """Show a folder or file at a second place, read-only: whoever tidies there destroys nothing.

    Raises:
        OSError: it cannot be mounted, or not read-only; then it is not mounted.
    """
    target = os.fsencode(place)
    _check(_libc().mount(os.fsencode(source), target, None, _BIND, None), "mount")
    try:
        _check(_libc().mount(None, target, None, _READ_ONLY, None), "remount")
        if not os.statvfs(place).f_flag & os.ST_RDONLY:
            raise OSError(f"{place} is not read-only")
    except OSError:
        unmount(place)
        raise


def unmount(folder: Path) -> None:
    """Take a mount away, whoever uses it; it ends with its last user."""
    _check(_libc().umount2(os.fsencode(folder), _DETACH), "umount")


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
