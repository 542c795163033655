"""Executors that the instructor names."""

import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from checker.errors import CheckerError, EnvironmentFaultError, UsageError
from checker.grading.dask import cluster_fault
from checker.grading.executors import open_executor

FACTORIES = """
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

NOTHING = None
closed = []

@contextmanager
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor
    closed.append("pool")

def number() -> int:
    return 7

def text():
    return nullcontext("text")

def broken() -> Executor:
    raise OSError("no queue")
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write an instructor's file; give its path."""
    path = tmp_path / "instructor_queue.py"
    path.write_text(FACTORIES)
    monkeypatch.delitem(sys.modules, path.stem, raising=False)
    return str(path)


def test_any_executor_can_be_plugged_in() -> None:
    with open_executor("concurrent.futures:ThreadPoolExecutor") as executor:
        assert isinstance(executor, ThreadPoolExecutor)
        assert executor.submit(pow, 2, 5).result() == 32
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(pow, 2, 5)


def test_a_factory_may_stand_in_a_file_and_clean_up(file: str) -> None:
    with open_executor(f"{file}:pool") as executor:
        assert isinstance(executor, Executor)
        assert executor.submit(pow, 2, 5).result() == 32
        assert sys.modules["instructor_queue"].closed == []
    assert sys.modules.pop("instructor_queue").closed == ["pool"]


@pytest.mark.parametrize(
    "name, says",
    [
        ("number", "gives a int, not an executor"),
        ("text", "gives a str, not an executor"),
        ("broken", "raised OSError: no queue"),
        ("NOTHING", "has no function 'NOTHING'"),
        ("absent", "has no function 'absent'"),
    ],
)
def test_what_is_no_executor_is_told(file: str, name: str, says: str) -> None:
    with pytest.raises(CheckerError, match=says) as caught, open_executor(f"{file}:{name}"):
        pass
    sys.modules.pop("instructor_queue", None)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "address, says",
    [
        ("slurm", "There is no executor 'slurm'"),
        ("slurm://host", "There is no executor 'slurm://host'"),
        ("dask://", "There is no executor 'dask://'"),
        ("no_such_package_here:factory", "cannot be imported: ModuleNotFoundError"),
        ("./no_such_file.py:factory", "There is no file"),
    ],
)
def test_addresses_that_name_nothing_are_told(address: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        open_executor(address)
    assert caught.value.remedy


def test_a_file_that_breaks_is_told(file: str) -> None:
    Path(file).write_text("1 / 0\n")
    with pytest.raises(UsageError, match="cannot be imported: ZeroDivisionError"):
        open_executor(f"{file}:pool")


def test_without_dask_the_remedy_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(EnvironmentFaultError, match="not installed") as caught,
        open_executor("dask://127.0.0.1:8786"),
    ):
        pass
    assert "pip install 'fastapi-workbook[cluster]'" in caught.value.remedy


def test_faults_of_a_cluster_are_explained() -> None:
    ours = UsageError("Ours.")
    assert cluster_fault(ours) is ours
    fault = cluster_fault(MemoryError("gone"))
    assert fault.message == "The work was not done: MemoryError: gone."
    assert "results so far are kept" in fault.remedy
