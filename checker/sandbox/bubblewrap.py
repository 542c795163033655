"""The bubblewrap command that shows a host what it needs and no more.

Namespaces of its own for users, processes, mounts, IPC, network, host name and groups; no rights; a
read-only system; of the checker only its host; an environment without anything of ours.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from checker.errors import EnvironmentFaultError

PACKAGE = Path(__file__).resolve().parents[1]
INSTALL = "Install it, for example with `apt install bubblewrap`, or work without a sandbox."
USER_INSIDE = "1000"
_SECRET_ROOMS = ("curriculum", "labs", "solutions", "notebooks", "tests")
_NEW = ("user", "ipc", "pid", "net", "uts")
_ETC = ("ld.so.cache", "localtime", "mime.types", "ssl", "alternatives")
_ACCOUNTS = ("passwd", "group", "hosts")


@dataclass(frozen=True, slots=True)
class View:
    """What a sandbox shows beside the system.

    Args:
        run_dir: the host's folder, which it may fill.
        python: the interpreter that runs the labs.
        readable: folders that are shown read-only.
        writable: further folders that may be changed.
        temporary: a folder of which `tmp` and `shm` become /tmp and /dev/shm; without it these lie
            in memory.
        etc: a folder with passwd, group and hosts to show; without it the system's are shown.
        found_at: where a folder is found by the user of the sandbox, if not at its own place.
        info: the number of an open file that gets the id of the first process.
    """

    run_dir: Path
    python: str = sys.executable
    readable: Sequence[Path] = ()
    writable: Sequence[Path] = ()
    temporary: Path | None = None
    etc: Path | None = None
    found_at: Mapping[Path, Path] = field(default_factory=dict)
    info: int | None = None

    def shown(self) -> list[Path]:
        """List what is shown read-only and does not belong to the system."""
        host = [PACKAGE / "__init__.py", PACKAGE / "host"]
        return [*prefixes(self.python), *host, *(path.resolve() for path in self.readable)]


def bubblewrap_command(view: View) -> list[str]:
    """Give the command, to which the host's own is appended.

    Raises:
        EnvironmentFaultError: bubblewrap is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise EnvironmentFaultError("bubblewrap is not installed.", INSTALL)
    return [program, *_isolation(program), *_environment(), *_places(view), "--"]


def _isolation(program: str) -> Iterator[str]:
    yield from (f"--unshare-{name}" for name in _NEW)
    yield from ("--unshare-cgroup-try", "--die-with-parent", "--new-session")
    yield from ("--cap-drop", "ALL", "--hostname", "lab")
    yield from ("--uid", USER_INSIDE, "--gid", USER_INSIDE)
    if "--disable-userns" in _options(program):
        yield "--disable-userns"


@cache
def _options(program: str) -> str:
    return subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout


def _environment() -> Iterator[str]:
    yield "--clearenv"
    for name, value in inner_environment().items():
        yield from ("--setenv", name, value)


def inner_environment() -> dict[str, str]:
    """Give what the host needs to find its own code; all else of ours is dropped."""
    path = os.environ.get("PATH", os.defpath)
    code = {"PATH": path, "PYTHONPATH": str(PACKAGE.parent)}
    return {**code, "LANG": "C.UTF-8", "TMPDIR": "/tmp"}


def _places(view: View) -> Iterator[str]:
    bound = [Path("/usr"), *prefixes(view.python)]
    yield from ("--proc", "/proc", "--dev", "/dev", *_temporary(view.temporary))
    for path in bound:  # after /tmp, which may hold them
        yield from _read_only(path, view)
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        yield from _system_folder(Path(name))
    for name in _ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    for name in _ACCOUNTS:
        yield from ("--ro-bind-try", str((view.etc or Path("/etc")) / name), f"/etc/{name}")
    yield from _checker(bound, view)
    for path in view.readable:
        yield from _read_only(path.resolve(), view)
    for path in (view.run_dir, *view.writable):
        yield from ("--bind", str(path), str(path))
    yield from ("--chdir", str(view.run_dir), "--remount-ro", "/", "--remount-ro", "/dev")
    if view.info is not None:
        yield from ("--info-fd", str(view.info))


def _temporary(folder: Path | None) -> Iterator[str]:
    for name, path in (("tmp", "/tmp"), ("shm", "/dev/shm")):
        if folder is None:
            yield from ("--tmpfs", path)
        else:
            yield from ("--bind", str(folder / name), path)


def _read_only(path: Path, view: View) -> list[str]:
    return ["--ro-bind", str(view.found_at.get(path, path)), str(path)]


@cache
def prefixes(python: str) -> tuple[Path, ...]:
    """List the folders that an interpreter needs: its environment and the installation below it."""
    if python == sys.executable:
        names = [sys.prefix, sys.base_prefix, str(Path(sys._base_executable).resolve().parent)]  # type: ignore[attr-defined]
    else:
        code = "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"
        names = subprocess.check_output([python, "-c", code], text=True).splitlines()
    paths = dict.fromkeys(Path(name) for name in names)
    return tuple(path for path in paths if not path.is_relative_to("/usr"))


def _system_folder(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


def _checker(bound: Sequence[Path], view: View) -> Iterator[str]:
    """Show of the package only its host; hide our rooms where a bound folder holds them."""
    hidden = [PACKAGE, *(PACKAGE.parent / name for name in _SECRET_ROOMS)]
    empty = []
    for path in hidden:
        if path.is_dir() and any(path.is_relative_to(shown) for shown in bound):
            empty.append(str(path))
            yield from ("--tmpfs", str(path))
    for name in ("__init__.py", "host"):
        yield from _read_only(PACKAGE / name, view)
    for name in empty:
        yield from ("--remount-ro", name)
