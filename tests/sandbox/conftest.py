"""Cells, driven from the outside."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.judge.control import Control
from checker.judge.guard import held, stage_beneath
from checker.sandbox import HostLimits, bubblewrap_available
from checker.sandbox.cells import Cell, Cells, make_plan

SMALL = HostLimits(
    memory_bytes=200 << 20, processes=40, disk_bytes=8 << 20, disk_files=500, file_bytes=2 << 20
)
Python = Callable[[Cell, str], dict[str, Any]]


def in_fork(work: Callable[[], object]) -> None:
    """Do something in a process of its own: it changes what the process sees."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException as error:  # noqa: BLE001 - the fork ends here
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0, "see what it wrote"


def run_python(cell: Cell, code: str) -> dict[str, Any]:
    """Run a program in a cell and give the host's answer."""
    cell.host.wait_ready()
    folder = cell.labs / os.urandom(4).hex() / "1"
    stage_beneath({"look.py": code.encode()}, folder, cell.owner)
    address, _ = held(cell.host.address, cell.run_dir)
    control = Control(address)
    command = ["python", "look.py"]
    control.send({"op": "run", "folder": str(folder), "command": command, "timeout": 10})
    return control.receive(12)


def with_cells(base: Path, work: Callable[[Cells], None], *, many: bool = False) -> None:
    """Do something with cells, in a fork, whose mounts nobody else sees."""

    def run() -> None:
        with Cells(make_plan(base, "bubblewrap", SMALL), reserve=False, many=many) as cells:
            work(cells)

    in_fork(run)


@pytest.fixture
def base(open_folder: Path) -> Path:
    """Give an empty folder for cells."""
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    return open_folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every user may enter."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="cells-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
