"""Trials: the learner's tests, run by pytest in the host."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.sandbox import start_host
from tests.host.conftest import Driver, Event

APP = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/shelf")
def read_shelf() -> list[str]:
    return ["Emma"]
"""
TESTS = """
import pytest
from fastapi.testclient import TestClient
from library.app import app

def test_shelf():
    assert TestClient(app).get("/shelf").json() == ["Emma"]

def test_wrong():
    assert TestClient(app).get("/shelf").json() == ["Persuasion"]

@pytest.mark.parametrize("number", [1, 2])
class TestNumbers:
    @pytest.mark.anyio
    async def test_async(self, number):
        assert number
"""
FILES = {
    "library/__init__.py": "",
    "library/app.py": APP,
    "tests/test_shelf.py": TESTS,
    "tests/test_other.py": "def test_other():\n    pass\n",
}
SHELF = "tests/test_shelf.py::test_shelf"
WRONG = "tests/test_shelf.py::test_wrong"
OTHER = "tests/test_other.py::test_other"


def tried(driver: Driver, files: dict[str, str], **trial: object) -> list[Event]:
    folder = str(driver.lab(files))
    order: dict[str, Any] = {"op": "test", "folder": folder, "timeout": 20, "trial": trial}
    driver.preload("checker.host.tests")
    return driver.order(**order).events()


def outcomes(events: list[Event]) -> dict[str, str]:
    return {one["test"]: one["outcome"] for one in events if one["event"] == "outcome"}


def of_kind(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event["event"] == kind]


def test_outcomes_are_told_as_data(driver: Driver) -> None:
    events = tried(driver, FILES, entry="library.app:app")
    found = outcomes(events)
    assert found.pop(WRONG) == "failed"
    assert set(found.values()) == {"passed"}
    assert len([test for test in found if "trio" not in test]) == 4
    [failure] = [one["failure"] for one in of_kind(events, "outcome") if one["failure"]]
    assert (failure["left"], failure["operator"], failure["right"]) == (
        "['Emma']",
        "==",
        "['Persuasion']",
    )
    assert failure["raised"]["frames"][-1]["line"] == 10
    assert events[-2] == {"event": "tested", "code": 1, "loaded": True}
    assert (events[-1]["code"], events[-1]["timeout"]) == (1, False)


def test_collected_tests_have_a_place(driver: Driver) -> None:
    [collected] = of_kind(tried(driver, FILES), "collected")
    places = {one["id"]: (one["file"], one["line"], one["name"]) for one in collected["tests"]}
    assert places[SHELF] == ("tests/test_shelf.py", 6, "test_shelf")
    assert collected["rules"]["python_files"] == ["test_*.py", "*_test.py"]


def test_a_reversed_order_is_the_reverse(driver: Driver) -> None:
    order = [one["test"] for one in of_kind(tried(driver, FILES, seed=3), "begin")]
    back = [one["test"] for one in of_kind(tried(driver, FILES, seed=3, reverse=True), "begin")]
    assert back == order[::-1]
    orders = {tuple(outcomes(tried(driver, FILES, seed=seed))) for seed in range(4)}
    assert len(orders) > 1


def test_regions_choose_tests(driver: Driver) -> None:
    events = tried(driver, FILES, regions=[["tests/test_shelf.py", 5, 8]])
    assert outcomes(events) == {SHELF: "passed"}


def test_named_tests_run_in_the_order_named(driver: Driver) -> None:
    for names in ([OTHER, SHELF], [SHELF, OTHER]):
        assert list(outcomes(tried(driver, FILES, tests=names))) == names


def test_a_failure_ends_a_trial_that_stops(driver: Driver) -> None:
    events = tried(driver, FILES, tests=[WRONG, SHELF], stop=True)
    assert outcomes(events) == {WRONG: "failed"}
    assert events[-1]["code"] == 1


def test_a_file_that_does_not_load_leaves_the_others(driver: Driver) -> None:
    events = tried(driver, FILES | {"tests/test_bad.py": "import libary\n"})
    [unreadable] = of_kind(events, "unreadable")
    assert unreadable["file"] == "tests/test_bad.py"
    assert unreadable["problem"]["kind"] == "import_error"
    assert outcomes(events)[SHELF] == "passed"


def test_a_conftest_that_does_not_load_is_told(driver: Driver) -> None:
    events = tried(driver, FILES | {"conftest.py": "def\n"})
    [unreadable] = of_kind(events, "unreadable")
    assert unreadable["problem"]["kind"] == "syntax_error"
    assert events[-1]["code"] == 4


def test_an_app_that_does_not_load_is_told(driver: Driver) -> None:
    events = tried(driver, FILES, entry="library.nothing:app", tests=[OTHER])
    assert events[-2]["loaded"] is False


def test_the_network_is_out_of_reach(driver: Driver) -> None:
    text = """
import socket

def connect(host):
    with socket.socket() as one:
        one.settimeout(0.2)
        return one.connect_ex((host, 9))

def test_far():
    connect("192.0.2.1")

def test_near():
    connect("127.0.0.1")

def test_known():
    connect("192.0.2.7")
"""
    folder = str(driver.lab({"test_net.py": text}))
    order = {"op": "test", "folder": folder, "timeout": 20, "trial": {}}
    env = {"BOOKS_URL": "http://192.0.2.7:9"}
    driver.preload("checker.host.tests")
    events = driver.order(**order, env=env).events()
    assert [(one["test"], one["host"]) for one in of_kind(events, "network")] == [
        ("test_net.py::test_far", "192.0.2.1")
    ]


def test_temporary_files_are_the_trials_own(driver: Driver) -> None:
    """Trials that share a folder clean it up under each other's feet."""
    text = """
import os
from pathlib import Path

def test_own(tmp_path):
    assert Path(os.environ["HOME"]).resolve() in tmp_path.parents
"""
    events = tried(driver, {"test_own.py": text})
    assert outcomes(events) == {"test_own.py::test_own": "passed"}


@pytest.mark.parametrize("call", ["time.sleep", "asyncio.sleep", "anyio.sleep"])
def test_a_long_sleep_is_told(driver: Driver, call: str) -> None:
    sleeping = call if call == "time.sleep" else f"await {call}"
    text = f"""
import time, asyncio, anyio, pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.anyio
async def test_slow():
    {sleeping}(1)
    {sleeping}(0.01)
"""
    [slept] = of_kind(tried(driver, {"test_slow.py": text}), "slept")
    assert slept["seconds"] == 1
    assert slept["frames"][-1]["line"] == 10


def test_a_trial_ends_with_its_time(driver: Driver) -> None:
    folder = str(
        driver.lab({"test_endless.py": "def test_endless():\n    while True:\n        pass"})
    )
    trial: dict[str, object] = {}
    order = driver.order(op="test", folder=folder, timeout=0.8, trial=trial)
    assert order.events()[-1]["timeout"] is True


def test_a_malformed_trial_is_refused(driver: Driver) -> None:
    folder = str(driver.lab(FILES))
    [answer] = driver.order(op="test", folder=folder, trial={"regions": [1]}).events()
    assert answer["event"] == "error"


@pytest.fixture(scope="module")
def spawning() -> Iterator[Driver]:
    """Drive a host that starts an interpreter for each order."""
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        start_host(Path(folder) / "run", start="spawn", transport="tcp") as process,
    ):
        driver = Driver(process, process.run_dir)
        yield driver
        driver.close()


def test_trials_work_without_fork(spawning: Driver) -> None:
    events = tried(spawning, FILES, entry="library.app:app", tests=[SHELF])
    assert outcomes(events) == {SHELF: "passed"}
    assert events[-2] == {"event": "tested", "code": 0, "loaded": True}
    assert events[-1]["code"] == 0
