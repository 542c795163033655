"""The process that the host forks ahead of need."""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.host.pages import own_pages, touch
from checker.sandbox import bubblewrap_available, start_host
from tests.host.conftest import Driver, gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

APP = """
import os, random, threading, time
from fastapi import FastAPI

app = FastAPI()
random_at_import = random.random()
threads_at_import = threading.active_count()


@app.get("/facts")
def show() -> dict[str, object]:
    with open("/proc/self/stat") as file:
        started = int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return {
        "pid": os.getpid(),
        "age": time.clock_gettime(time.CLOCK_BOOTTIME) - started,
        "session": os.getsid(0),
        "random": random_at_import,
        "threads": threads_at_import,
        "env": dict(os.environ),
        "inherited": [n for n in range(3, 64) if _inherited(n)],
    }


def _inherited(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:
        return False
"""


@pytest.fixture
def own() -> Iterator[Driver]:
    """Drive a host that a test may disturb."""
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        start_host(Path(folder) / "run") as process,
    ):
        driver = Driver(process, process.run_dir)
        yield driver
        driver.close()


def children(pid: int) -> set[int]:
    """List the processes that a process has started."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def standby(driver: Driver, *others: int) -> int:
    """Wait until the host's only child but for `others` has waited for an order a while."""
    driver.host.wait_ready()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = children(driver.host.pid).difference(others)
        time.sleep(0.1)
        if len(found) == 1 and found == children(driver.host.pid).difference(others):
            (pid,) = found
            if "unix" in Path(f"/proc/{pid}/wchan").read_text():
                return pid
    raise AssertionError("no standby appeared")


def facts(driver: Driver, **order: object) -> dict[str, object]:
    """Launch the app and ask what it sees."""
    response, _ = driver.launch(APP, **order).ready().request("GET", "/facts")
    seen: dict[str, object] = response.json()
    return seen


def test_launch_takes_the_standby(own: Driver) -> None:
    """A launch is the process that waited, and sees no trace of that."""
    waiting = standby(own)
    seen = facts(own, env={"SHELF": "7"})
    assert seen["pid"] == waiting
    assert seen["session"] == waiting
    assert seen["threads"] == 2  # its own and the one that watches the import
    assert seen["inherited"] == []
    env = seen["env"]
    assert isinstance(env, dict)
    assert env["SHELF"] == "7"
    forked = facts(own)
    assert set(env) - {"SHELF"} == set(forked["env"])  # type: ignore[call-overload]
    assert seen["random"] != forked["random"]


def test_each_launch_has_its_own_standby(own: Driver) -> None:
    """After a launch comes the next standby, with another state of random."""
    first = facts(own) if standby(own) else {}
    waiting = standby(own, int(str(first["pid"])))
    second = facts(own)
    assert second["pid"] == waiting
    assert second["random"] != first["random"]


def test_second_launch_at_once_is_forked(own: Driver) -> None:
    """Two orders at the same time both come up."""
    waiting = standby(own)
    launches = [own.launch(APP), own.launch(APP)]
    seen = [launch.ready().request("GET", "/facts")[0].json()["pid"] for launch in launches]
    assert seen[0] == waiting
    assert seen[1] != waiting


def test_run_takes_the_standby(own: Driver) -> None:
    """A command runs in it, with a standard input that is longer than a socket's buffer."""
    waiting = standby(own)
    code = {"main.py": "import os, sys\nprint(os.getpid(), len(sys.stdin.read()))"}
    done = own.run(code, "python", "main.py", stdin="x" * 1_000_000)
    assert done["output"] == f"{waiting} 1000000\n"


def test_preload_discards_the_standby(own: Driver) -> None:
    """No launch is given a process that lacks a module."""
    waiting = standby(own)
    loaded = "import sys\nassert 'plistlib' in sys.modules\n"
    own.preload("plistlib")
    conversation = own.launch(loaded + APP).ready()
    pid = conversation.request("GET", "/facts")[0].json()["pid"]
    assert pid != waiting
    assert gone(waiting)
    later = standby(own, pid)
    own.preload("plistlib")
    again = own.launch(loaded + APP).ready()
    assert again.request("GET", "/facts")[0].json()["pid"] == later


def test_killed_standby_is_replaced(own: Driver) -> None:
    """Neither the host nor the next launch notices."""
    waiting = standby(own)
    os.kill(waiting, signal.SIGKILL)
    later = standby(own)
    assert later != waiting
    assert facts(own)["pid"] == later


def test_order_that_finds_a_dead_standby_is_forked(own: Driver) -> None:
    """The host may read an order before it hears of the standby's end."""
    waiting = standby(own)
    order = {"op": "launch", "folder": str(own.lab(APP))}
    with own.host.connect() as connection:
        time.sleep(0.1)  # the host accepts
        os.kill(own.host.pid, signal.SIGSTOP)
        os.kill(waiting, signal.SIGKILL)
        assert gone(waiting)
        connection.sendall(json.dumps(order).encode() + b"\n")
        os.kill(own.host.pid, signal.SIGCONT)
        lines = connection.makefile("rb")
        events = [json.loads(lines.readline())["event"] for _ in range(3)]
    assert events == ["phase", "phase", "ready"]


def test_nothing_is_left_after_close(own: Driver) -> None:
    """The standby ends with the host, and the rehearsal has left no files."""
    waiting = standby(own)
    assert not (own.host.run_dir / "rehearsal").exists()
    assert [
        path for name in ("log", "sock", "home") for path in (own.host.run_dir / name).iterdir()
    ] == []
    own.host.close()
    assert gone(waiting)


def test_standby_ends_with_a_killed_host(own: Driver) -> None:
    """A host that is killed takes its standby along."""
    waiting = standby(own)
    os.kill(own.host.pid, signal.SIGKILL)
    assert gone(waiting)


@pytest.mark.skipif(bubblewrap_available() is not None, reason="needs bubblewrap")
def test_standby_in_bubblewrap() -> None:
    """The sandbox does not keep the host from it: the launch is older than its order."""
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        start_host(Path(folder) / "run", sandbox="bubblewrap") as process,
    ):
        driver = Driver(process, process.run_dir)
        ages = []
        for _ in range(10):
            time.sleep(0.4)
            ages.append(float(str(facts(driver)["age"])))
            if ages[-1] > 0.2:
                break
        assert ages[-1] > 0.2, ages
        driver.close()


def test_touched_pages_are_this_process_own() -> None:
    """A page that a forked process has written to is on its list; touching changes nothing."""
    pages = own_pages()
    assert pages
    data = bytearray(os.urandom(1_000_000))
    copy = bytes(data)
    touch(own_pages())
    assert bytes(data) == copy
