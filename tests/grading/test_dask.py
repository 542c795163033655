"""A Dask cluster on this machine: a scheduler and workers that are processes of their own."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, as_completed
from pathlib import Path
from types import ModuleType

import pytest

from checker.errors import EnvironmentFaultError
from checker.grading.dask import open_dask
from checker.grading.executors import open_executor
from checker.grading.judging import judge_work
from checker.grading.work import Result, Work, WorkRefusedError, unpack_results
from tests.grading.orders import order, outline, solved, untouched

pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
psutil = pytest.importorskip("psutil", reason="it comes with Dask")
pytestmark = [
    pytest.mark.usefixtures("tiny"),
    pytest.mark.skipif(os.name == "nt", reason="workers are killed by a signal"),
    pytest.mark.xdist_group("dask"),
]
DEADLINE = 60.0
ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    """A scheduler and its workers; `pids` gives the workers' process ids in order."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = str(self._wait_for_file()["address"])

    def start(self, program: str, *options: str, env: dict[str, str] | None = None) -> int:
        """Start a program of Dask's; give its process id."""
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard"]
        command += ["--scheduler-file", str(self.file), *options]
        log = (self.folder / f"{program}-{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process.pid

    def add_worker(self, env: dict[str, str] | None = None) -> int:
        """Start a worker of one thread; give its process id."""
        room = self.folder / f"worker-{len(self.processes)}"
        options = ["--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--death-timeout", "60"]
        return self.start("dask_worker", *options, "--local-directory", str(room), env=env)

    def _wait_for_file(self) -> dict[str, object]:
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):
                found: dict[str, object] = json.loads(self.file.read_text())
                return found
            time.sleep(0.05)
        raise AssertionError("the scheduler did not start")

    def close(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Start a scheduler without workers."""
    room = tmp_path / "cluster"
    room.mkdir()
    cluster = Cluster(room)
    yield cluster
    cluster.close()


def works() -> list[Work]:
    """Make a class of four, half of whom solved everything."""
    answers = {
        True: (solved("5.1.1"), solved("5.1.2")),
        False: (solved("5.1.1"), untouched("5.1.2")),
    }
    return [order(f"student-{number}", *answers[number % 2 == 0]) for number in range(4)]


def table(results: list[Result]) -> list[tuple[object, ...]]:
    """Give what counts of results, whatever their order."""
    return sorted(outline(results), key=lambda row: str(row[2]))


def test_one_of_two_workers_is_killed_and_nothing_differs(cluster: Cluster) -> None:
    victim, survivor = cluster.add_worker(), cluster.add_worker()
    orders = [work.to_bytes() for work in works()]
    found: list[Result] = []
    with open_executor(cluster.address.replace("tcp://", "dask://")) as executor:
        _wait_for_both(executor)
        futures = [executor.submit(judge_work, data) for data in orders]
        judges = _wait_for_children(victim)
        os.kill(victim, 9)
        for future in as_completed(futures, timeout=DEADLINE):
            found += unpack_results(future.result())
    assert cluster.processes[1].wait(10) == -9
    assert psutil.wait_procs(judges, timeout=20)[1] == []
    os.kill(survivor, 0)
    local = [one for data in orders for one in unpack_results(judge_work(data))]
    assert len(found) == 8
    assert table(found) == table(local)


def _wait_for_both(executor: Executor) -> None:
    """Wait until two workers have answered: work is given to those that are there."""
    end, seen = time.monotonic() + DEADLINE, set[int]()
    while len(seen) < 2 and time.monotonic() < end:
        seen |= {future.result() for future in [executor.submit(_pid, n) for n in range(8)]}
    assert len(seen) == 2


def _wait_for_children(pid: int) -> list[object]:
    """Wait until a worker judges; give the processes that do so for it."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if found := psutil.Process(pid).children(recursive=True):
            return list(found)
        time.sleep(0.01)
    raise AssertionError("the worker has not begun")


def _pid(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def example(cluster_class: str) -> str:
    """Give the example of the documentation that uses a class."""
    text = (ROOT / "checker/grading/README.md").read_text("utf-8")
    blocks: list[str] = re.findall(r"```python\n(.*?)```", text, re.S)
    return next(block for block in blocks if cluster_class in block)


@pytest.mark.parametrize(
    "module, name",
    [("dask_jobqueue", "SLURMCluster"), ("dask_kubernetes.operator", "KubeCluster")],
)
def test_examples_of_the_documentation_work_once_there_is_a_queue(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    closed = []

    class Queue:
        """Has the face of a cluster of dask-jobqueue or dask-kubernetes."""

        scheduler_address = cluster.address

        def __init__(self, **settings: object) -> None:
            if settings.get("n_workers"):
                self.scale()

        def scale(self, **_: object) -> None:
            cluster.add_worker()

        def __enter__(self) -> "Queue":
            return self

        def __exit__(self, *error: object) -> None:
            closed.append(name)

    fake = ModuleType(module)
    setattr(fake, name, Queue)
    monkeypatch.setitem(sys.modules, module.partition(".")[0], fake)
    monkeypatch.setitem(sys.modules, module, fake)
    file = tmp_path / "my_queue_for_grading.py"
    file.write_text(example(name))
    monkeypatch.delitem(sys.modules, file.stem, raising=False)
    work = works()[0].to_bytes()
    with open_executor(f"{file}:executor") as executor:
        results = unpack_results(executor.submit(judge_work, work).result(timeout=DEADLINE))
        assert not closed
    sys.modules.pop(file.stem)
    assert closed == [name]
    assert table(results) == table(unpack_results(judge_work(work)))


def test_a_cluster_with_other_rules_is_refused(cluster: Cluster) -> None:
    cluster.add_worker({"CHECKER_ROOT": str(ROOT)})
    with (
        pytest.raises(WorkRefusedError, match="has other lessons, suites or code") as caught,
        open_dask(cluster.address),
    ):
        pass
    assert "the same files, on every worker" in caught.value.remedy


def test_a_worker_that_comes_later_refuses_by_itself(cluster: Cluster) -> None:
    pid = cluster.add_worker()
    with open_dask(cluster.address) as executor:
        cluster.add_worker({"CHECKER_ROOT": str(ROOT)})
        _wait_for_both(executor)
        os.kill(pid, 9)
        future = executor.submit(judge_work, works()[0].to_bytes())
        error = future.exception(timeout=DEADLINE)
    assert isinstance(error, WorkRefusedError)
    assert "start the workers anew" in error.remedy


def test_a_version_of_another_is_named(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.add_worker()
    monkeypatch.setattr("checker.__version__", "9.9.9")
    with (
        pytest.raises(WorkRefusedError, match=r"has version \d") as caught,
        open_dask(cluster.address),
    ):
        pass
    assert "version 9.9.9" in caught.value.remedy


def test_an_interrupted_run_does_not_wait_for_the_rest(cluster: Cluster) -> None:
    cluster.add_worker()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _interrupt_work(cluster)
    assert time.monotonic() - begun < DEADLINE


def _interrupt_work(cluster: Cluster) -> None:
    with open_dask(cluster.address) as executor:
        executor.submit(time.sleep, 600)
        raise KeyboardInterrupt


def test_a_scheduler_without_workers_is_told(cluster: Cluster) -> None:
    with (
        pytest.raises(EnvironmentFaultError, match="has no workers") as caught,
        open_dask(cluster.address, patience=0.5),
    ):
        pass
    assert f"dask worker {cluster.address}" in caught.value.remedy


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://127.0.0.1"])
def test_an_address_at_which_nobody_answers_is_told(address: str) -> None:
    with (
        pytest.raises(EnvironmentFaultError, match="No Dask scheduler answers") as caught,
        open_dask(address, patience=0.5),
    ):
        pass
    assert "dask scheduler" in caught.value.remedy
