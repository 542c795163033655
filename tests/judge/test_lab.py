"""The lab's operations, driven as a suite drives them, against a real host."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from checker.catalog.model import LabSpec, Lesson, Limits
from checker.files import read_tree
from checker.judge.control import Control
from checker.judge.evidence import (
    CallMissing,
    CallRaised,
    ConnectionLost,
    DidNotFail,
    FileMissing,
    LaunchFailed,
    RequestTimeout,
)
from checker.judge.fixtures import Launch
from checker.judge.lab import Lab
from checker.judge.session import Session
from checker.report import Verdict
from checker.sandbox import HostProcess, start_host

APP = """
import asyncio, os, time
from contextlib import asynccontextmanager
from typing import Annotated
from fastapi import BackgroundTasks, FastAPI, Header
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text

@asynccontextmanager
async def lifespan(app):
    if os.environ.get("REFUSE"):
        raise RuntimeError("LIBRARY_NAME is not set")
    yield
    print("closed the library")

app = FastAPI(lifespan=lifespan)
inside = most = 0

@app.get("/headers")
def headers(x_checker_request: Annotated[str | None, Header()] = None):
    return {"seen": x_checker_request}

@app.get("/slow")
async def slow():
    global inside, most
    inside += 1
    most = max(most, inside)
    await asyncio.sleep(0.05)
    inside -= 1
    return most

@app.get("/blocking")
async def blocking():
    time.sleep(0.2)

@app.get("/never")
async def never():
    await asyncio.sleep(60)

@app.get("/exit")
async def leave():
    os._exit(7)

@app.get("/boom")
async def boom():
    raise LookupError("no such shelf")

@app.get("/background")
async def background(tasks: BackgroundTasks):
    tasks.add_task(boom)

@app.get("/tokens")
async def tokens():
    async def words():
        for word in ("one", "two"):
            yield word
            await asyncio.sleep(0.01)
    return StreamingResponse(words())

@app.get("/count")
def count():
    with create_engine("sqlite://").connect() as connection:
        return connection.execute(text("select 41 + 1")).scalar()

@app.get("/name")
def name():
    return os.environ.get("LIBRARY_NAME")

def add(one, two=1):
    return one + two

async def later(value):
    await asyncio.sleep(0)
    return value

def refuse():
    raise ValueError("not today")
"""


@pytest.fixture(scope="module")
def host() -> Iterator[HostProcess]:
    """Hold one host for all tests of this module."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name, start_host(Path(name)) as one:
        one.wait_ready()
        with closing(Control(one.address, one.token)) as control:
            control.send({"op": "preload", "modules": ["sqlalchemy"]})
            assert control.receive(60.0) == {"event": "done"}
        yield one


@pytest.fixture
def session(host: HostProcess, tmp_path: Path) -> Session:
    """Make a session over the app above, with short limits."""
    (tmp_path / "app.py").write_text(APP)
    lesson = Lesson(
        tasks=(),
        headings={},
        lab=LabSpec(),
        limits=Limits(request=1.0, startup=4.0),
        body="",
    )
    staging = host.run_dir / "labs" / tmp_path.name
    return Session(host.address, host.token, staging, read_tree(tmp_path), lesson)


@pytest.fixture
def lab(session: Session) -> Iterator[Lab]:
    """Start the app."""
    one = Lab(session, session.launch())
    yield one
    one.close()


@pytest.fixture
def launch(session: Session) -> Iterator[Launch]:
    """Give the means to start the app in other ways."""
    starter = Launch(session)
    yield starter
    for one in starter.labs:
        one.close()


def test_the_judges_own_header_does_not_reach_the_app(lab: Lab) -> None:
    assert lab.get("/headers").json() == {"seen": None}


def test_requests_together_are_in_the_app_together(lab: Lab) -> None:
    responses = lab.together(12, "GET", "/slow")
    assert [response.status_code for response in responses] == [200] * 12
    assert max(response.json() for response in responses) == 12


def test_a_request_without_an_answer_is_a_timeout(lab: Lab) -> None:
    with pytest.raises(RequestTimeout):
        lab.get("/never", timeout=0.2)
    with pytest.raises(RequestTimeout):
        lab.together(2, "GET", "/never", timeout=0.2)
    assert not lab.healthy


def test_a_process_that_ends_is_noticed_with_its_code(lab: Lab) -> None:
    with pytest.raises(ConnectionLost) as caught:
        lab.get("/exit")
    assert caught.value.ended is not None
    assert caught.value.ended.code == 7
    lab.restart()
    assert lab.get("/headers").status_code == 200


def test_the_request_after_a_500_finds_a_connection(lab: Lab) -> None:
    for _ in range(3):
        assert lab.get("/boom").status_code == 500
        assert lab.get("/headers").status_code == 200
    assert {raised["type"] for raised in lab.exceptions} == {"LookupError"}


def test_the_request_after_a_failed_background_task_finds_a_connection(lab: Lab) -> None:
    for _ in range(5):
        assert lab.get("/background").status_code == 200
        assert lab.get("/headers").status_code == 200


def test_a_stream_comes_in_pieces_and_is_kept(lab: Lab, session: Session) -> None:
    with lab.stream("GET", "/tokens") as response:
        assert list(response.iter_text()) == ["one", "two"]
    exchange = session.conversation.exchanges[-1]
    assert [one.text for one in exchange.frames] == ["one", "two"]


def test_functions_are_called_with_json(lab: Lab) -> None:
    assert lab.call("app:add", 2, two=3) == 5
    assert lab.call("app:later", {"a": [1]}) == {"a": [1]}
    with pytest.raises(CallRaised) as raised:
        lab.call("app:refuse")
    assert (raised.value.type, raised.value.text) == ("ValueError", "not today")
    with pytest.raises(CallMissing) as missing:
        lab.call("app:ad")
    assert "add" in missing.value.names


def test_commands_run_in_the_labs_folder(lab: Lab) -> None:
    done = lab.run("python", "-c", "import sys; print(open('app.py').read()[:8]); sys.exit(3)")
    assert done.code == 3
    assert "import" in done.output
    with pytest.raises(RequestTimeout):
        lab.run("python", "-c", "import time; time.sleep(9)", timeout=0.3)


def test_yaml_is_read_as_data(launch: Launch) -> None:
    lab = launch(files={"good.yml": "on: push\njobs: {}\n", "bad.yml": "on: push\n  jobs: {}\n"})
    assert lab.yaml("good.yml") == {True: "push", "jobs": {}}
    with pytest.raises(AssertionError, match=r"^bad.yml, line 2 is not YAML: mapping values"):
        lab.yaml("bad.yml")
    with pytest.raises(FileMissing):
        lab.yaml("none.yml")


def test_files_are_read_as_text(lab: Lab) -> None:
    assert lab.files() == ["app.py"]
    assert lab.file("app.py") == APP
    with pytest.raises(FileMissing):
        lab.file("nothing.py")


def test_statements_and_stalls_are_seen(lab: Lab) -> None:
    assert lab.get("/count").json() == 42
    assert lab.sql == ["select 41 + 1"]
    lab.get("/blocking")
    stall = lab.stalls[-1]
    assert stall["milliseconds"] > 100
    assert stall["inside"] == "time.sleep"


def test_a_launch_takes_environment_and_files(launch: Launch) -> None:
    assert launch(env={"LIBRARY_NAME": "North"}).get("/name").json() == "North"
    assert launch().get("/name").json() is None
    other = "from fastapi import FastAPI\nother = FastAPI()\n"
    lab = launch(files={"other.py": other}, entry="other:other")
    assert lab.get("/name").status_code == 404


def test_a_launch_that_must_fail(launch: Launch) -> None:
    failed = launch.fails(env={"REFUSE": "1"})
    assert failed.verdict is Verdict.BROKEN
    assert failed.problem is not None
    assert failed.problem["raised"]["message"] == "LIBRARY_NAME is not set"
    with pytest.raises(DidNotFail):
        launch.fails()


def test_a_start_up_failure_is_told_again_to_who_asks_again(session: Session) -> None:
    launched = session.launch(env={"REFUSE": "1"})
    for _ in range(2):
        with pytest.raises(LaunchFailed):
            launched.wait_ready()
    launched.close()


def test_the_real_command_serves_the_app(launch: Launch) -> None:
    lab = launch(command=["fastapi", "run", "app.py", "--port", "{port}"])
    assert lab.get("/headers").json() == {"seen": None}
    assert "FastAPI" in lab.log


def test_stopping_runs_the_lifespans_exit(launch: Launch) -> None:
    lab = launch()
    ended = lab.stop()
    assert ended.phase == "serving"
    assert "closed the library" in lab.log


def test_an_app_that_was_stopped_starts_where_it_was(launch: Launch) -> None:
    lab = launch()
    place = lab.launched.address
    lab.stop()
    with pytest.raises(ConnectionLost):
        lab.get("/name")
    lab.start()
    assert lab.get("/headers").status_code == 200
    assert lab.launched.address == place


def test_a_command_that_was_stopped_gets_its_port_again(launch: Launch) -> None:
    lab = launch(command=["uvicorn", "app:app", "--port", "{port}"])
    place = lab.upstream
    assert place.startswith("127.0.0.1:")
    lab.stop()
    lab.start()
    assert lab.get("/headers").status_code == 200
    assert lab.upstream == place


def test_an_app_keeps_its_port_where_there_are_no_sockets(session: Session) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="lab-") as name,
        start_host(Path(name), transport="tcp") as host,
    ):
        host.wait_ready()
        session.address, session.token = host.address, host.token
        lab = Lab(session, session.launch())
        try:
            place = lab.upstream
            assert place.startswith("127.0.0.1:")
            lab.stop()
            lab.start()
            assert lab.upstream == place
        finally:
            lab.close()
