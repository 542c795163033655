"""Runs, and launches by a command."""

import os

from tests.host.conftest import Driver

PROJECT = {
    "library/__init__.py": "",
    "library/main.py": """
from fastapi import FastAPI
app = FastAPI()

@app.get("/shelf")
async def read_shelf() -> int:
    return 1 // 0
""",
    "pyproject.toml": '[tool.fastapi]\nentrypoint = "library.main:app"\n',
}


def test_fastapi_run_serves_the_entry_point(driver: Driver) -> None:
    """The real `fastapi run` serves, observed, and a stop ends it."""
    command = ["fastapi", "run", "--port", "{port}"]
    conversation = driver.launch(PROJECT, command=command).ready()
    response, facts = conversation.request("GET", "/shelf")
    assert response.status_code == 500
    assert facts["location"]["file"] == "library/main.py"
    assert facts["raised"]["type"] == "ZeroDivisionError"
    assert "read_shelf" in [route["name"] for route in conversation.ask("routes")["value"]]
    assert conversation.ask("stop") == {"value": None}
    assert conversation.line()["event"] == "exit"
    assert conversation.log is not None
    assert "production mode" in conversation.log.read_text("utf-8")


def test_command_that_cannot_load_is_broken(driver: Driver) -> None:
    """A syntax error behind `uvicorn` is told like any other."""
    files = {"app.py": "from fastapi import FastAPI\nx = = 1\n"}
    problem = driver.launch(files, command=["uvicorn", "app:app", "--port", "{port}"]).problem()
    assert problem["kind"] == "syntax_error"
    assert problem["line"] == 2


def test_lifespan_behind_a_command_is_told(driver: Driver) -> None:
    """A start that fails is broken for `fastapi run` too."""
    app = """
from contextlib import asynccontextmanager
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    raise RuntimeError("no database")
    yield

app = FastAPI(lifespan=lifespan)
"""
    problem = driver.launch(app, command=["fastapi", "run", "--port", "{port}"]).problem()
    assert problem["kind"] == "lifespan"
    assert problem["raised"]["frames"][-1]["line"] == 7


def test_several_workers_serve(driver: Driver) -> None:
    """A server with worker processes is reached, and none outlives the launch."""
    command = ["uvicorn", "library.main:app", "--workers", "2", "--port", "{port}"]
    conversation = driver.launch(PROJECT, command=command).ready()
    with conversation.client() as client:
        assert client.get("/docs").status_code == 200
    assert conversation.ask("routes") == {"value": []}


def test_any_program_can_serve(driver: Driver) -> None:
    """A program that is not run warm is reached through the bridge; its port comes by name."""
    script = "exec python -X utf8 -m http.server --bind 127.0.0.1 $PORT"
    files = {"hello.txt": "hello"}
    conversation = driver.launch(files, command=["sh", "-c", script], port_env="PORT").ready()
    with conversation.client() as client:
        assert client.get("/hello.txt").text == "hello"
    assert conversation.ask("stop") == {"value": None}
    assert conversation.line() == {"event": "exit", "code": None, "signal": 15}


def test_program_that_ends_never_gets_ready(driver: Driver) -> None:
    """The exit code of a program that ends first is told."""
    events = driver.launch({}, command=["sh", "-c", "echo no; exit 3"]).events()
    assert [event["event"] for event in events] == ["phase", "exit"]
    assert events[-1]["code"] == 3


def test_run_answers_code_and_output(driver: Driver) -> None:
    """A console script runs warm."""
    done = driver.run({}, "fastapi", "--version")
    assert done["code"] == 0
    assert "FastAPI CLI version" in done["output"]


def test_run_of_python_files_and_modules(driver: Driver) -> None:
    """Files, modules and code are run; arguments, input, environment and errors arrive."""
    code = (
        "import os, sys\nprint(sys.argv[1:], input(), os.environ['TOPIC'])\nraise ValueError('x')\n"
    )
    files = {"tool.py": code}
    done = driver.run(files, "python", "tool.py", "a", stdin="line\n", env={"TOPIC": "t"})
    assert done["output"].splitlines()[0] == "['a'] line t"
    assert done["output"].splitlines()[-1] == "ValueError: x"
    assert "runpy" not in done["output"]
    assert done["code"] == 1
    module = driver.run({"tool.py": "raise SystemExit(5)\n"}, "python", "-m", "tool")
    assert module["code"] == 5
    assert driver.run({}, "python", "-c", "print(1)")["output"] == "1\n"
    assert driver.run({}, "no-such-program")["code"] == 127


def test_run_is_ended_at_its_timeout(driver: Driver) -> None:
    """A run that takes too long is killed, and says so."""
    done = driver.run({}, "sh", "-c", "echo begun; sleep 60", timeout=0.2)
    assert done == {
        "event": "done",
        "code": None,
        "signal": 9,
        "timeout": True,
        "output": "begun\n",
    }


def test_output_is_capped(driver: Driver) -> None:
    """Endless output is cut in the middle."""
    done = driver.run({"t.py": "print('x' * 1_000_000)\n"}, "python", "t.py")
    assert 200_000 <= len(done["output"]) < 200_100
    assert "bytes left out" in done["output"]


def test_limits_hold(driver: Driver) -> None:
    """A file cannot grow past its limit."""
    code = "open('big', 'wb').write(b'x' * 2_000_000)\n"
    done = driver.run({"t.py": code}, "python", "t.py", limits={"file_bytes": 1_000_000})
    assert done["code"] != 0
    assert os.name == "posix"
