"""Enter the namespaces of a sandbox that stands, and give up every right in them (Linux)."""

import contextlib
import ctypes
import os
from functools import cache
from pathlib import Path

_OWNER = 0xB701  # ioctl NS_GET_USERNS: the user namespace that a namespace belongs to
_KINDS = ("mnt", "net", "ipc", "uts", "cgroup", "pid")
_NO_NEW_PRIVS, _DROP_BOUND, _DUMPABLE = 38, 24, 4
_CAPABILITIES = 64
_VERSION_3 = 0x20080522


def enter(pid: int, user: int | None, kind_of_user: str = "user") -> None:
    """Move the current process into the namespaces of another; its children have its pids, too.

    Args:
        pid: a process of the sandbox.
        user: whom to become before; None stays who we are.
        kind_of_user: the name of its user namespace.
    """
    place = Path("/proc", str(pid), "ns")
    files = {
        kind: os.open(place / kind, os.O_RDONLY | os.O_CLOEXEC) for kind in (*_KINDS, kind_of_user)
    }
    owner = _owner(files["mnt"])
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _join(owner)
    for kind in _KINDS:
        if not _same(files[kind], f"/proc/self/ns/{kind}"):
            _join(files[kind])
    if not os.path.sameopenfile(owner, files[kind_of_user]):
        _join(files[kind_of_user])
    for file in (owner, *files.values()):
        os.close(file)


def _same(file: int, path: str) -> bool:
    with contextlib.suppress(OSError):
        one, other = os.fstat(file), Path(path).stat()
        return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
    return False


def _owner(file: int) -> int:
    number = _libc().ioctl(file, _OWNER)
    if number < 0:
        raise OSError(ctypes.get_errno(), "ioctl")
    return int(number)


def _join(file: int) -> None:
    if _libc().setns(file, 0):
        raise OSError(ctypes.get_errno(), f"setns: {os.strerror(ctypes.get_errno())}")


def give_up_rights() -> None:
    """Have no capability, now or ever, and be an ordinary process to those who look at it."""
    libc = _libc()
    for number in range(_CAPABILITIES):
        libc.prctl(_DROP_BOUND, number, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()) or libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the rights cannot be given up")
    libc.prctl(_DUMPABLE, 1, 0, 0, 0)


def rights() -> int:
    """Give the capabilities of the current process as the system counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return max(int(line.split()[1], 16) for line in lines if line.startswith("Cap"))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
