"""`checker run`: a real server with reload, and clear words when it cannot be."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from checker.errors import EnvironmentFaultError, UsageError
from checker.serve import Service, require_port
from tests.cli.process import COMMAND, run_process

BOOKS = Path("s01_shelf/t01_books/app.py")


@pytest.fixture
def port() -> int:
    """Find a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(started: Path, home: Path, port: int) -> "Iterator[subprocess.Popen[str]]":
    """Run `checker run` on the free port."""
    assert started.is_dir()
    process = subprocess.Popen(
        [*COMMAND, "run", "5.1.1", "--port", str(port)],
        cwd=home,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def answer(port: int, path: str, status: int) -> httpx.Response:
    """Ask until the status is the one waited for."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            response = httpx.get(f"http://127.0.0.1:{port}{path}")
        except httpx.TransportError:
            pass
        else:
            if response.status_code == status:
                return response
        time.sleep(0.05)
    raise AssertionError(f"no {status} from {path}")


def test_the_app_is_served_and_reloaded(
    serving: "subprocess.Popen[str]", started: Path, tiny: Path, port: int
) -> None:
    """The address and its documentation are named; a save is served; Ctrl-C ends with 0."""
    assert serving.stdout is not None
    said = serving.stdout.readline()
    assert f"http://127.0.0.1:{port} " in said
    assert f"http://127.0.0.1:{port}/docs" in said
    assert answer(port, "/docs", 200)
    assert answer(port, "/books", 404)
    solution = tiny / "solutions" / BOOKS
    (started / BOOKS).write_text(solution.read_text())
    assert "books" in answer(port, "/books", 200).json()
    os.killpg(serving.pid, signal.SIGINT)
    assert serving.wait(timeout=20) == 0


def test_nothing_serves_on_after_sigterm(serving: "subprocess.Popen[str]", port: int) -> None:
    """Nobody else would end the server's reloader."""
    assert answer(port, "/docs", 200)
    serving.terminate()
    assert serving.wait(timeout=20) == 128 + signal.SIGTERM
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/docs")


def test_a_taken_port_is_said_with_the_remedy(started: Path, home: Path, port: int) -> None:
    """Nothing is started."""
    assert started.is_dir()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = run_process("run", "5.1.1", "--port", str(port), cwd=home)
    assert done.returncode == 4
    assert f"Port {port} is taken by another program." in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_a_port_may_be_forbidden_or_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own sentence."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(UsageError, match="99999 is not a port"):
        require_port(99999)
    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(EnvironmentFaultError, match="administrator"):
        require_port(80)


def test_the_server_runs_in_the_lab_with_its_environment(tmp_path: Path) -> None:
    """What is served is what a deployment would serve."""
    service = Service(tmp_path, "app:app", 8000, {"SHELF": "A"})
    assert service.url == "http://127.0.0.1:8000"
    assert service.command()[1:4] == ["-m", "uvicorn", "app:app"]
    assert str(tmp_path) in service.command()
