"""Hosts of every kind: spawned, over TCP, inside bubblewrap, and those that do not come up."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.errors import EnvironmentFaultError
from checker.sandbox import (
    HostProcess,
    View,
    bubblewrap_available,
    bubblewrap_command,
    start_host,
)
from checker.sandbox.bubblewrap import PACKAGE
from tests.host.conftest import Driver

APP = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/zero")
def divide() -> float:
    return 1 / 0
"""


@pytest.fixture
def run_dir() -> Iterator[Path]:
    """Give a short path for a host's sockets."""
    with tempfile.TemporaryDirectory(prefix="host-") as folder:
        yield Path(folder) / "run"


@pytest.mark.parametrize("start, transport", [("spawn", "tcp"), ("spawn", "uds"), ("fork", "tcp")])
def test_every_kind_of_host_speaks_the_same(run_dir: Path, start: str, transport: str) -> None:
    """A launch, its questions, a problem and a run work without fork and over TCP."""
    with start_host(run_dir, start=start, transport=transport) as host:
        driver = Driver(host, run_dir)
        conversation = driver.launch(APP).ready()
        response, facts = conversation.request("GET", "/zero")
        assert response.status_code == 500
        assert facts["raised"]["type"] == "ZeroDivisionError"
        assert conversation.ask("stop") == {"value": None}
        assert conversation.line() == {"event": "exit", "code": 0, "signal": None}
        assert driver.launch("import fastapy\n").problem()["kind"] == "import_error"
        assert driver.run({}, "sh", "-c", "echo out; exit 4")["output"] == "out\n"
        assert driver.run({}, "sh", "-c", "sleep 60", timeout=0.3)["timeout"] is True
        driver.close()


def test_tcp_wants_the_token(run_dir: Path) -> None:
    """An order without the token is refused."""
    with start_host(run_dir, transport="tcp") as host:
        host.wait_ready()
        host.token = "guessed"
        driver = Driver(host, run_dir)
        assert driver.launch(APP).line() == {"event": "error", "message": "the token is wrong"}
        driver.close()


def test_host_that_does_not_start_is_explained(run_dir: Path) -> None:
    """The host's own words are in the error."""
    host = start_host(run_dir, python="/bin/false")
    with pytest.raises(EnvironmentFaultError, match="did not start: it wrote nothing"):
        host.wait_ready()
    host = start_host(run_dir, start="dance")
    with pytest.raises(EnvironmentFaultError, match="invalid choice: 'dance'"):
        host.wait_ready()


def test_long_run_dir_is_refused(tmp_path: Path) -> None:
    """A path that no socket can have is refused with a remedy."""
    with pytest.raises(EnvironmentFaultError) as caught:
        start_host(tmp_path / ("x" * 100))
    assert "TMPDIR" in caught.value.remedy


@pytest.fixture
def sandboxed(run_dir: Path) -> Iterator[HostProcess]:
    """Start a host inside bubblewrap."""
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    with start_host(run_dir, sandbox="bubblewrap") as host:
        yield host


def test_sandboxed_lab_is_served(sandboxed: HostProcess) -> None:
    """Requests, commands behind the bridge and runs work from outside."""
    driver = Driver(sandboxed, sandboxed.run_dir)
    response, facts = driver.launch(APP).ready().request("GET", "/zero")
    assert response.status_code == 500
    assert facts["raised"]["type"] == "ZeroDivisionError"
    command = ["fastapi", "run", "app.py", "--port", "{port}"]
    served = driver.launch(APP, command=command).ready()
    assert served.request("GET", "/docs")[0].status_code == 200
    driver.close()


def test_sandbox_hides_the_checker_and_the_network(sandboxed: HostProcess) -> None:
    """Suites, solutions and the outside cannot be reached; the interpreter cannot be changed."""
    code = f"""
import os, pathlib, socket
package = pathlib.Path({str(PACKAGE)!r})
print(sorted(name for name in os.listdir(package) if not name.startswith("__py")))
print([room for room in ("solutions", "tests", "labs") if (package.parent / room).exists()])
print(sorted(set(os.environ) & {{"USER", "LOGNAME", "PYTHONPATH"}}))
try:
    socket.create_connection(("192.0.2.1", 80), 2)
except OSError as error:
    print(error.strerror)
try:
    pathlib.Path(os.__file__).with_name("x.py").write_text("")
except OSError as error:
    print(error.strerror)
"""
    driver = Driver(sandboxed, sandboxed.run_dir)
    done = driver.run({"look.py": code}, "python", "look.py")
    driver.close()
    assert done["output"].splitlines() == [
        "['__init__.py', 'host']",
        "[]",
        "[]",
        "Network is unreachable",
        "Read-only file system",
    ]


@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
def test_sandbox_shows_an_environment_below_tmp(run_dir: Path) -> None:
    command = bubblewrap_command(View(run_dir, sys.executable))
    assert command.index("--tmpfs") < command.index("--ro-bind")


def test_unknown_sandbox_is_refused(run_dir: Path) -> None:
    """A sandbox that does not exist is named."""
    with pytest.raises(EnvironmentFaultError, match="no sandbox 'castle'"):
        start_host(run_dir, sandbox="castle")


def test_missing_bubblewrap_names_the_package(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the program the remedy names the package."""
    monkeypatch.setenv("PATH", "")
    assert "apt install bubblewrap" in str(bubblewrap_available())
    with pytest.raises(EnvironmentFaultError) as caught:
        start_host(run_dir, sandbox="bubblewrap")
    assert "bubblewrap" in caught.value.remedy
