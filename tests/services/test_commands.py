"""Services beside `checker run`, in notebooks, and under the doctor's eyes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from checker.catalog import Catalog
from checker.doctor import State
from checker.doctor.services import examine_service
from checker.errors import EnvironmentFaultError
from checker.notebook import start_services
from checker.services.registry import SERVICES
from checker.workspace import Workspace
from tests.host.conftest import gone
from tests.services.conftest import descendants, name_of


@pytest.fixture
def serving(catalog: Catalog) -> "Iterator[tuple[subprocess.Popen[str], int]]":
    """Run `checker run` with the solution of the topic that needs PostgreSQL and Redis."""
    workspace = Workspace.locate(catalog=catalog)
    workspace.create()
    workspace.take_solution(catalog.find("5.1.3"))
    workspace.progress.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "run", "5.1.3", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
        start_new_session=True,
    )
    yield process, port
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_run_serves_the_app_beside_its_services(
    serving: "tuple[subprocess.Popen[str], int]", number: signal.Signals
) -> None:
    """Their addresses are named, and nothing is left after the command."""
    process, port = serving
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(4)]
    assert f"http://127.0.0.1:{port} " in said[0]
    assert said[1].startswith("DATABASE_URL=postgresql+asyncpg://library:")
    assert said[2].startswith("REDIS_URL=redis://library:")
    assert add_reader(port).json() == {"id": 1}
    found = [
        pid for pid in descendants(process.pid) if name_of(pid) in ("postgres", "redis-server")
    ]
    assert len(found) > 3
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
        assert process.wait(timeout=20) == 0
    else:
        process.kill()
    assert all(gone(pid, 8) for pid in found)


def add_reader(port: int) -> httpx.Response:
    """Add a reader once the app is up."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return httpx.post(f"http://127.0.0.1:{port}/readers/Ada")
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_notebooks_cell_starts_services_that_end_with_the_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("REDIS_URL", "DATABASE_URL"):
        monkeypatch.setenv(name, "")
    services = start_services("redis", "postgres")
    assert os.environ["REDIS_URL"].startswith("redis://library:")
    assert os.environ["DATABASE_URL"].startswith("postgresql+asyncpg://library:")
    pids = services.pids()
    services.close()
    assert all(gone(pid) for pid in pids.values())


@pytest.mark.parametrize("name", SERVICES)
def test_the_doctor_starts_each_service(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = examine_service(SERVICES[name])
    assert (finding.name, finding.state) == (name, State.OK)
    assert "starts (" in finding.detail
    if name != "model":
        monkeypatch.setenv(SERVICES[name].variables[0], "ftp://127.0.0.1:1/0")
        finding = examine_service(SERVICES[name])
        assert finding.state is State.WARNING
        assert SERVICES[name].variables[0] in finding.detail
        assert "unset it" in finding.remedy


def test_the_doctor_knows_an_address_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://models.example/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-theirs")
    finding = examine_service(SERVICES["model"])
    assert (finding.state, finding.detail) == (
        State.OK,
        "The address that OPENAI_BASE_URL names is used.",
    )


def test_run_says_what_to_do_when_a_service_cannot_be_had(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    Workspace.locate(catalog=catalog).create()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "checker", "run", "5.1.1", "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 4
    assert "The Redis of REDIS_URL does not answer" in done.stderr
    with pytest.raises(EnvironmentFaultError, match="REDIS_URL"):
        start_services("redis")
