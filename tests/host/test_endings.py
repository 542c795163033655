"""Nothing that a launch started outlives it, whatever it does."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.sandbox import start_host
from tests.host.conftest import Driver, alive, gone, read_pid

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

DAEMON = """
import os, signal, time
from fastapi import FastAPI

app = FastAPI()


def note(name):
    with open(name + ".tmp", "w") as file:
        file.write(f"{os.getpid()}\\n")
    os.rename(name + ".tmp", name)


def ignore():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


ignore()
note("main.pid")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        note("daemon.pid")
        time.sleep(600)
    os._exit(0)
if os.fork() == 0:
    os.setsid()
    note("session.pid")
    if os.fork() == 0:
        os.setsid()
        note("grandchild.pid")
    time.sleep(600)
"""


@pytest.fixture
def own() -> Iterator[Driver]:
    """Drive a host that a test may end."""
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        start_host(Path(folder) / "run") as process,
    ):
        driver = Driver(process, process.run_dir)
        yield driver
        driver.close()


def pids(folder: Path) -> list[int]:
    """Read the process ids of the daemon lab."""
    names = ("main", "daemon", "session", "grandchild")
    return [read_pid(folder / f"{name}.pid") for name in names]


def test_daemons_end_with_the_connection(driver: Driver) -> None:
    """Processes that changed session, lost their parent or ignore signals are gone."""
    folder = driver.lab(DAEMON)
    conversation = driver.order(op="launch", folder=str(folder)).ready()
    found = pids(folder)
    assert all(alive(pid) for pid in found)
    conversation.close()
    assert [pid for pid in found if not gone(pid)] == []


def test_daemons_end_with_their_main_process(driver: Driver) -> None:
    """The exit line comes after the rest of the tree is gone."""
    folder = driver.lab(DAEMON)
    conversation = driver.order(op="launch", folder=str(folder)).ready()
    found = pids(folder)
    os.kill(found[0], signal.SIGKILL)
    assert conversation.line() == {"event": "exit", "code": None, "signal": 9}
    assert [pid for pid in found if alive(pid)] == []


def test_other_launches_are_not_disturbed(driver: Driver) -> None:
    """Ending one launch leaves the next one running."""
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    other = driver.launch(app).ready()
    driver.launch(app).ready().close()
    assert other.request("GET", "/docs")[0].status_code == 200


def test_everything_ends_when_standard_input_closes(own: Driver) -> None:
    """Closing the host ends its launches."""
    folder = own.lab(DAEMON)
    own.order(op="launch", folder=str(folder)).ready()
    found = pids(folder)
    own.host.close()
    assert [pid for pid in (own.host.pid, *found) if not gone(pid)] == []


def test_host_ends_at_sigterm(own: Driver) -> None:
    """A host whose standard input somebody else holds open ends in order at SIGTERM."""
    folder = own.lab(DAEMON)
    own.order(op="launch", folder=str(folder)).ready()
    found = pids(folder)
    os.kill(own.host.pid, signal.SIGTERM)
    assert [pid for pid in (own.host.pid, *found) if not gone(pid)] == []


def test_main_processes_end_with_a_killed_host(own: Driver) -> None:
    """A host that is killed takes its launches along."""
    folder = own.lab("import os\nopen('p','w').write(f'{os.getpid()}\\n')\nwhile True: pass\n")
    own.order(op="launch", folder=str(folder))
    pid = read_pid(folder / "p")
    os.kill(own.host.pid, signal.SIGKILL)
    assert gone(pid)


def test_host_ends_with_its_killed_parent(tmp_path: Path) -> None:
    """A parent that is killed leaves no host behind."""
    code = (
        "import pathlib, sys, time\n"
        "from checker.sandbox import start_host\n"
        "host = start_host(pathlib.Path(sys.argv[1]))\n"
        "host.wait_ready()\n"
        "print(host.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with tempfile.TemporaryDirectory(prefix="host-") as folder:
        parent = subprocess.Popen(
            [sys.executable, "-c", code, folder], stdout=subprocess.PIPE, cwd=tmp_path
        )
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        parent.stdout.close()
        assert gone(pid)
