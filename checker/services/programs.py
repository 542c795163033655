"""Programs of others that a keeper runs: found in a wheel or on the PATH, without root's rights."""

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from checker.errors import EnvironmentFaultError
from checker.host.processes import end_with_parent

if sys.platform != "win32":
    import pwd

HOST = "127.0.0.1"
ACCOUNTS = ("nobody", "daemon")
STOP_SECONDS = 3.0


def package_folder(package: str) -> Path | None:
    """Find where a package is installed, without importing it."""
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def loopback_ports(url: str, usual: int) -> tuple[int, ...]:
    """Give the port of an address on 127.0.0.1; nothing when it is elsewhere."""
    parts = urlsplit(url)
    return (parts.port or usual,) if parts.hostname == HOST else ()


def account() -> tuple[int, int] | None:
    """Give the user and group that services run as: None, our own, unless we are root.

    Raises:
        EnvironmentFaultError: we are root and there is no account to step down to.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise EnvironmentFaultError(
        "Services do not run as root, and there is no account `nobody` to run them as.",
        "Add one (`useradd --system nobody`), or work as an ordinary user.",
    )


def hand_over(folder: Path) -> None:
    """Give a folder to the account that services run as."""
    user = account()
    if user is not None:
        os.chown(folder, *user)
        _require_way(folder)


def _require_way(folder: Path) -> None:
    for parent in folder.resolve().parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise EnvironmentFaultError(
                f"As root, services run as another user, who cannot enter {parent}.",
                "Set TMPDIR to a folder that everyone may use, for example TMPDIR=/tmp.",
            )


def reachable(program: Path, copied: Sequence[Path], folder: Path) -> Path:
    """Give a program, or a copy of it, that the account of services may run.

    Args:
        program: the program; a home of root's, which others cannot enter, may hold it.
        copied: the files and folders that it needs, itself among them.
        folder: where copies go; they keep their places below their common parent.
    """
    ways = [program.resolve(), *program.resolve().parents]
    if account() is None or all(way.stat().st_mode & stat.S_IXOTH for way in ways):
        return program
    base = Path(os.path.commonpath([path.parent for path in copied]))
    for path in copied:
        target = folder / path.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, symlinks=True)
        else:
            shutil.copy2(path, target)
    return folder / program.relative_to(base)


class Child:
    """A program that runs beside its keeper, in the folder that belongs to both.

    Args:
        name: as messages call it.
        folder: holds its files, its log among them.
        end_signal: what ends it at once and in order.
    """

    def __init__(self, name: str, folder: Path, end_signal: int) -> None:
        self._name = name
        self._folder = folder
        self._end_signal = end_signal
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        """The file that has what it wrote."""
        return self._folder / f"{self._name}.log"

    async def start(self, *command: str | Path, stdin: str = "") -> None:
        """Start it; it ends with the keeper even when that is killed (Linux)."""
        user = account()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *map(str, command),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self._folder)},
                preexec_fn=end_with_parent(self._end_signal),
                user=user[0] if user else None,
                group=user[1] if user else None,
                extra_groups=[] if user else None,
            )
        assert self._process.stdin is not None
        self._process.stdin.write(stdin.encode())
        self._process.stdin.close()

    async def wait(self) -> int:
        """Wait until it ends; give its exit code."""
        assert self._process is not None
        return await self._process.wait()

    @property
    def running(self) -> bool:
        """Tell whether it still runs."""
        return self._process is not None and self._process.returncode is None

    def said(self) -> str:
        """Give the last line that it wrote."""
        text = self.log.read_text("utf-8", "replace").strip() if self.log.exists() else ""
        return text.splitlines()[-1] if text else "it wrote nothing"

    async def ended(self) -> EnvironmentFaultError:
        """Wait until it ends by itself, and say how."""
        code = await self.wait()
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}: {self.said()}"
        return EnvironmentFaultError(
            f"It ended during the work, {how}.",
            "Run the command again: it is started anew. If it ends again, `checker doctor`.",
        )

    async def stop(self) -> None:
        """End it and all that belongs to it."""
        process = self._process
        if process is None or not self.running:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self._end_signal)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
