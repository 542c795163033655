"""A curriculum of topics that declare services, and a judge of it."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.services import Services
from checker.services.registry import SERVICES

collect_ignore = ["hall"]

HALL = Path(__file__).parent / "hall"


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no service of whoever runs the tests take part."""
    for spec in SERVICES.values():
        for name in spec.variables:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the curriculum; it and a workspace beside it are what the checker discovers."""
    root = tmp_path / "hall"
    shutil.copytree(HALL, root, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("CHECKER_ROOT", str(root))
    monkeypatch.setenv("CHECKER_WORKSPACE", str(tmp_path / "workspace"))
    return root


@pytest.fixture
def catalog(hall: Path) -> Catalog:
    """Read the curriculum."""
    assert hall.is_dir()
    return Catalog()


@pytest.fixture
def judge(catalog: Catalog) -> Iterator[Judge]:
    """Hold a judge of it."""
    with Judge(catalog) as one:
        yield one


@pytest.fixture
def services() -> Iterator[Services]:
    """Hold services; they end with the test."""
    with Services() as held:
        yield held


def children(pid: int) -> list[int]:
    """List the processes whose parent is this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def descendants(pid: int) -> list[int]:
    """List the processes below this one."""
    found = children(pid)
    return found + [below for child in found for below in descendants(child)]


def name_of(pid: int) -> str:
    """Give the name of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def wait_for(condition: Callable[[], object], seconds: float = 5.0) -> bool:
    """Wait until something holds; False when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_root() -> bool:
    """Tell whether the tests run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
