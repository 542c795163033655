"""Launches that do not come up: each kind of problem."""

import os
from typing import Any

import pytest

from tests.host.conftest import Driver

APP = "from fastapi import FastAPI\napp = FastAPI()\n"

CASES: dict[str, tuple[dict[str, str | bytes], dict[str, Any]]] = {
    "syntax error": (
        {"app.py": "from fastapi import FastAPI\n\ndef f(:\n    pass\n"},
        {
            "kind": "syntax_error",
            "file": "app.py",
            "line": 3,
            "column": 7,
            "source": "def f(:",
            "message": "invalid syntax",
        },
    ),
    "indentation in another module": (
        {"app.py": "import shelf\n" + APP, "shelf.py": "def f():\nreturn 1\n"},
        {"kind": "syntax_error", "file": "shelf.py", "line": 2, "source": "return 1"},
    ),
    "NUL byte": ({"app.py": b"x = 1\n\0\n"}, {"kind": "encoding", "file": "app.py"}),
    "NUL byte in another module": (
        {"app.py": "import shelf\n" + APP, "shelf.py": b"x = 1\0\n"},
        {"kind": "encoding", "file": "shelf.py", "message": "line 1 holds a NUL byte"},
    ),
    "UTF-16": (
        {"app.py": APP.encode("utf-16")},
        {"kind": "encoding", "message": "the file is encoded as UTF-16; Python reads UTF-8"},
    ),
    "UTF-32": (
        {"app.py": APP.encode("utf-32")},
        {"kind": "encoding", "message": "the file is encoded as UTF-32; Python reads UTF-8"},
    ),
    "Latin-1": (
        {"app.py": b"name = 'caf\xe9'\n" + APP.encode()},
        {"kind": "encoding", "message": "line 1 holds a byte that is not UTF-8: 0xe9"},
    ),
    "Latin-1 in another module": (
        {"app.py": "import shelf\n" + APP, "shelf.py": b"name = 'caf\xe9'\n"},
        {"kind": "encoding", "file": "shelf.py"},
    ),
    "BOM in the middle": (
        {"app.py": APP + "\ufeffx = 1\n"},
        {"kind": "encoding", "file": "app.py"},
    ),
    "empty": ({"app.py": "\n \n"}, {"kind": "empty_file", "file": "app.py"}),
    "missing package": (
        {"app.py": "import fastapy\n"},
        {"kind": "import_error", "module": "fastapy", "name": None, "suggestions": ["fastapi"]},
    ),
    "own module misspelt": (
        {"app.py": "from bokks import find\n" + APP, "books.py": "find = 1\n"},
        {"kind": "import_error", "module": "bokks", "suggestions": ["books"]},
    ),
    "distribution's name": (
        {"app.py": "import pyyaml\n" + APP},
        {"kind": "import_error", "module": "pyyaml"},
    ),
    "name missing in a module": (
        {"app.py": "from fastapi import FastApi\n"},
        {"kind": "import_error", "module": "fastapi", "name": "FastApi"},
    ),
    "name of another module": (
        {"app.py": "from fastapi import BaseModel\n"},
        {"kind": "import_error", "name": "BaseModel", "suggestions": ["pydantic.BaseModel"]},
    ),
    "relative import without a package": (
        {"app.py": "from .books import find\n" + APP, "books.py": "find = 1\n"},
        {"kind": "import_error", "module": ".books"},
    ),
    "file with the name of a module": (
        {"app.py": "from random import pick\n" + APP, "random.py": "pick = 1\n"},
        {"kind": "import_error", "message": "random.py has the name of another module, random"},
    ),
    "circular import": (
        {"app.py": "from shelf import x\n" + APP, "shelf.py": "from app import app\nx = 1\n"},
        {"kind": "import_error", "module": "app", "name": "app", "suggestions": []},
    ),
    "import error of a library": (
        {"app.py": APP + "raise ImportError('email-validator is not installed')\n"},
        {"kind": "load_error", "message": "email-validator is not installed"},
    ),
    "exception": (
        {"app.py": APP + "1 / 0\n"},
        {"kind": "load_error", "message": "division by zero"},
    ),
    "ORM settings": (
        {"app.py": "from pydantic import BaseModel\nclass B(BaseModel):\n    n: int\nB()\n"},
        {"kind": "load_error"},
    ),
    "no app": (
        {"app.py": "from fastapi import FastAPI\nanswer = 42\ndef find() -> int: return 1\n"},
        {"kind": "no_app", "file": "app.py", "names": ["answer", "find"], "missing_file": False},
    ),
    "router for an app": (
        {"app.py": "from fastapi import APIRouter\napp = APIRouter()\n"},
        {"kind": "no_app", "message": "app in app.py is of type APIRouter, not a FastAPI app"},
    ),
    "missing file": (
        {"main.py": APP},
        {"kind": "no_app", "file": "app.py", "names": ["main.py"], "missing_file": True},
    ),
    "renamed": (
        {"app.py": "from fastapi import FastAPI\napi = FastAPI()\n"},
        {"kind": "renamed_app", "names": ["api"]},
    ),
    "factory": (
        {"app.py": "from fastapi import FastAPI\ndef create_app():\n    return FastAPI()\n"},
        {"kind": "app_factory", "names": ["create_app"]},
    ),
}


@pytest.mark.parametrize("files, expected", CASES.values(), ids=CASES)
def test_problem_is_classified(
    driver: Driver, files: dict[str, str | bytes], expected: dict[str, Any]
) -> None:
    """Each trouble is told as what it is."""
    problem = driver.launch(files).problem()
    assert {key: problem.get(key) for key in expected} == expected


def test_import_error_points_at_the_learners_line(driver: Driver) -> None:
    """The frame is the import statement, not importlib."""
    problem = driver.launch("import os\n\nimport fastapy\n").problem()
    assert problem["raised"]["frames"][-1]["line"] == 3
    assert problem["raised"]["frames"][-1]["source"] == "import fastapy"


def test_validation_error_at_load_lists_its_entries(driver: Driver) -> None:
    """A missing setting names its field."""
    problem = driver.launch(CASES["ORM settings"][0]).problem()
    assert problem["raised"]["errors"][0]["loc"] == ["n"]
    assert problem["raised"]["errors"][0]["type"] == "missing"


def test_bom_at_the_start_is_fine(driver: Driver) -> None:
    """Python reads a UTF-8 file with a byte order mark."""
    driver.launch({"app.py": b"\xef\xbb\xbf" + APP.encode()}).ready()


def test_bytes_that_python_skips_are_fine(driver: Driver) -> None:
    """A file is judged by what this Python does with it."""
    data = b"# caf\xe9\n" + APP.encode()
    try:
        compile(data, "app.py", "exec")
    except SyntaxError:
        assert driver.launch({"app.py": data}).problem()["kind"] == "encoding"
    else:
        driver.launch({"app.py": data}).ready()


def test_lifespan_that_raises_is_told(driver: Driver) -> None:
    """The exception of a lifespan comes through with its line."""
    app = """
from contextlib import asynccontextmanager
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    raise RuntimeError("no database")
    yield

app = FastAPI(lifespan=lifespan)
"""
    problem = driver.launch(app).problem()
    assert problem["kind"] == "lifespan"
    assert problem["raised"]["message"] == "no database"
    assert problem["raised"]["frames"][-1]["line"] == 7


def test_lifespan_that_hangs_stays_in_startup(driver: Driver) -> None:
    """A hanging start shows its phase, and closing the connection ends it."""
    app = """
import asyncio
from contextlib import asynccontextmanager
from fastapi import FastAPI

@asynccontextmanager
async def lifespan(app):
    await asyncio.Event().wait()
    yield

app = FastAPI(lifespan=lifespan)
"""
    conversation = driver.launch(app)
    assert conversation.line()["phase"] == "import"
    assert conversation.line()["phase"] == "startup"
    conversation.connection.settimeout(0.1)
    with pytest.raises(TimeoutError):
        conversation.line()


@pytest.mark.parametrize("code", ["os._exit(7)", "raise SystemExit(7)"])
def test_exit_at_import_is_the_process_ending(driver: Driver, code: str) -> None:
    """A process that leaves during import is told by its exit line alone."""
    events = driver.launch(f"import os\n{code}\n").events()
    assert [event["event"] for event in events] == ["phase", "exit"]
    assert events[-1] == {"event": "exit", "code": 7, "signal": None}


def test_crash_is_told_by_its_signal(driver: Driver) -> None:
    """A signal that ends the process is in the exit line."""
    events = driver.launch("import os\nos.kill(os.getpid(), 11)\n").events()
    assert events[-1] == {"event": "exit", "code": None, "signal": 11}


@pytest.mark.parametrize(
    "order, message",
    [
        ({"op": "dance"}, "unknown op 'dance'"),
        ({"op": "launch", "folder": "/nowhere"}, f"no such folder: {os.sep}nowhere"),
        ({"op": "launch"}, "folder must be a string"),
        ({"op": "run", "folder": "/tmp"}, "run needs a command"),
        ({"op": "preload", "modules": ["no_such_module"]}, "No module named 'no_such_module'"),
    ],
)
def test_bad_order_is_refused(driver: Driver, order: dict[str, object], message: str) -> None:
    """An order that cannot be carried out gets a reason, and the host lives on."""
    assert driver.order(**order).line() == {"event": "error", "message": message}
    driver.launch(APP).ready()
