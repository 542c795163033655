"""Launches that come up: requests, questions and what the instruments see."""

import sys
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import unix_connect

from tests.host.conftest import Driver

LIBRARY = """
import asyncio, os, sys, time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, WebSocket
from pydantic import BaseModel, SecretStr


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    print("the library closes")

app = FastAPI(lifespan=lifespan)
router = APIRouter(prefix="/books")


class Book(BaseModel):
    title: str
    code: SecretStr = SecretStr("4711")


@router.get("/{number}")
async def read_book(number: int) -> Book:
    return Book(title=f"Book {number}")


@app.get("/headers")
def show_headers(request: Request) -> dict[str, object]:
    return {"names": list(request.headers), "host": request.client.host}


@app.get("/environment")
def show_environment() -> dict[str, object]:
    return {"env": dict(os.environ), "cwd": os.getcwd(), "path": sys.path[0]}


@app.get("/zero")
def divide() -> float:
    return shelf(0)


def shelf(number: int) -> float:
    return 1 / number


@app.get("/wrong")
def wrong_model() -> Book:
    return {"name": "no title"}


@app.get("/group")
async def group() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fail())


async def fail() -> None:
    raise LookupError("no such reader")


@app.get("/sleep")
async def sleep() -> None:
    time.sleep(0.15)


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


def find_book(number: int = 1) -> Book:
    return Book(title=f"Book {number}")


async def find_later(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def stream() -> AsyncIterator[int]:
    yield 1
    yield 2


def count() -> Iterator[int]:
    yield from (1, 2, 3)


def leave() -> None:
    raise SystemExit("bye")

app.include_router(router, prefix="/v1")
"""


def test_request_is_answered_and_its_route_known(driver: Driver) -> None:
    """The route's full path, function and line are known after a request."""
    response, facts = driver.launch(LIBRARY).ready().request("GET", "/v1/books/3")
    assert response.json()["title"] == "Book 3"
    assert facts["route"] == "/v1/books/{number}"
    assert facts["endpoint"] == "read_book"
    assert facts["is_async"] is True
    assert facts["finished"] is True
    assert facts["location"]["source"] == "async def read_book(number: int) -> Book:"


def test_app_sees_a_request_like_one_from_tcp(driver: Driver) -> None:
    """The judge's header is gone and the client's address is there."""
    response, _ = driver.launch(LIBRARY).ready().request("GET", "/headers")
    assert "x-checker-request" not in response.json()["names"]
    assert response.json()["host"] == "127.0.0.1"


def test_surroundings_are_clean(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app sees its folder and the order's environment, nothing of ours."""
    monkeypatch.setenv("JUDGES_SECRET", "1")
    conversation = driver.launch(LIBRARY, env={"LIBRARY_NAME": "Babel"}).ready()
    seen = conversation.request("GET", "/environment")[0].json()
    assert seen["env"]["LIBRARY_NAME"] == "Babel"
    assert "JUDGES_SECRET" not in seen["env"]
    assert "PYTHONPATH" not in seen["env"]
    assert seen["env"]["PATH"].split(":")[0] == str(Path(sys.executable).parent)
    assert seen["cwd"] == seen["path"]


def test_exception_is_seen_with_the_learners_frames(driver: Driver) -> None:
    """Frames of libraries are removed, the innermost comes last."""
    conversation = driver.launch(LIBRARY).ready()
    response, facts = conversation.request("GET", "/zero")
    assert response.status_code == 500
    assert facts["raised"]["type"] == "ZeroDivisionError"
    assert [frame["function"] for frame in facts["raised"]["frames"]] == ["divide", "shelf"]
    assert facts["raised"]["frames"][-1]["source"] == "return 1 / number"
    [seen] = conversation.ask("exceptions")["value"]
    assert seen["request"] == "1"


def test_response_that_does_not_fit_lists_the_errors(driver: Driver) -> None:
    """A response validation error carries its entries."""
    _, facts = driver.launch(LIBRARY).ready().request("GET", "/wrong")
    assert facts["raised"]["type"] == "ResponseValidationError"
    assert facts["raised"]["errors"][0]["loc"] == ["response", "title"]


def test_exception_group_is_unwrapped(driver: Driver) -> None:
    """The learner's exception in a group is what is told."""
    _, facts = driver.launch(LIBRARY).ready().request("GET", "/group")
    assert facts["raised"]["type"] == "LookupError"
    assert facts["raised"]["message"] == "no such reader"


def test_stall_names_line_and_call(driver: Driver) -> None:
    """A sleep in async def is measured and named."""
    conversation = driver.launch(LIBRARY).ready()
    conversation.request("GET", "/sleep")
    [stall] = conversation.ask("stalls")["value"]
    assert stall["inside"] == "time.sleep"
    assert stall["frames"][-1]["source"] == "time.sleep(0.15)"
    assert stall["request"] == "1"
    assert 80 < stall["milliseconds"] < 1000


def test_running_request_is_known(driver: Driver) -> None:
    """The route of a request that does not end is known while it runs."""
    app = """
import asyncio
from fastapi import FastAPI
app = FastAPI()

@app.get("/wait")
async def wait() -> None:
    await asyncio.Event().wait()
"""
    conversation = driver.launch(app).ready()
    with conversation.client() as client, pytest.raises(httpx.ReadTimeout):
        client.get("/wait", headers={"x-checker-request": "9"}, timeout=0.1)
    facts = conversation.ask("request", request="9")["value"]
    assert facts["location"]["function"] == "wait"


def test_routes_are_listed_with_prefixes(driver: Driver) -> None:
    """Routes of included routers and sockets are listed."""
    routes = driver.launch(LIBRARY).ready().ask("routes")["value"]
    own = {route["path"]: route["methods"] for route in routes if route["location"]}
    assert own["/v1/books/{number}"] == ["GET"]
    assert own["/echo"] == ["WEBSOCKET"]


def test_websocket_works(driver: Driver) -> None:
    """A WebSocket is served on the unix socket."""
    conversation = driver.launch(LIBRARY).ready()
    with unix_connect(conversation.address["uds"], "ws://lab/echo") as socket:
        socket.send("hello")
        assert socket.recv() == "hello"


@pytest.mark.parametrize(
    "target, args, value",
    [
        ("app:find_book", [2], {"title": "Book 2", "code": "**********"}),
        ("app:find_later", [5], 5),
        ("app:stream", [], [1, 2]),
        ("app:count", [], [1, 2, 3]),
        ("app:Book.model_validate", [{"title": "T"}], {"title": "T", "code": "**********"}),
    ],
)
def test_call_answers_json(driver: Driver, target: str, args: list[object], value: object) -> None:
    """Functions, coroutines and generators are called; secrets stay hidden."""
    assert driver.launch(LIBRARY).ready().ask("call", target=target, args=args) == {"value": value}


def test_call_tells_what_was_raised_or_is_missing(driver: Driver) -> None:
    """A call that cannot answer says why, and the app lives on."""
    conversation = driver.launch(LIBRARY).ready()
    raised = conversation.ask("call", target="app:shelf", args=[0])["raised"]
    assert raised["type"] == "ZeroDivisionError"
    assert conversation.ask("call", target="app:leave")["raised"]["type"] == "SystemExit"
    missing = conversation.ask("call", target="app:find_boook")["missing"]
    assert "find_book" in missing["names"]
    assert conversation.ask("call", target="other:f")["missing"] == {
        "target": "other:f",
        "names": [],
    }


def test_stop_is_graceful(driver: Driver) -> None:
    """A stop runs the lifespan's exit and ends with code 0."""
    conversation = driver.launch(LIBRARY).ready()
    assert conversation.ask("stop") == {"value": None}
    assert conversation.line() == {"event": "exit", "code": 0, "signal": None}
    assert conversation.log is not None
    assert "the library closes" in conversation.log.read_text()


def test_sql_is_seen_with_its_request(driver: Driver) -> None:
    """Statements of SQLAlchemy are recorded, in async engines too."""
    app = """
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")

@app.get("/books")
async def list_books() -> int:
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT :n"), {"n": 7})
"""
    driver.preload("sqlalchemy.ext.asyncio")
    conversation = driver.launch(app).ready()
    response, _ = conversation.request("GET", "/books")
    assert response.json() == 7
    [seen] = conversation.ask("sql")["value"]
    assert seen == {"statement": "SELECT ?", "parameters": [7], "request": "1"}


def test_warnings_can_be_errors(driver: Driver) -> None:
    """PYTHONWARNINGS of the order holds in the forked process."""
    app = "import warnings\nfrom fastapi import FastAPI\nwarnings.warn('old')\napp = FastAPI()\n"
    driver.launch(app).ready()
    problem = driver.launch(app, env={"PYTHONWARNINGS": "error"}).problem()
    assert problem["raised"]["type"] == "UserWarning"


def test_dotenv_in_the_folder_is_found(driver: Driver) -> None:
    """Settings read `.env` from the lab's folder."""
    app = """
from fastapi import FastAPI
from pydantic_settings import BaseSettings, SettingsConfigDict

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")
    library: str

app = FastAPI(title=Settings().library)
"""
    conversation = driver.launch({"app.py": app, ".env": "LIBRARY=Babel\n"}).ready()
    assert conversation.request("GET", "/openapi.json")[0].json()["info"]["title"] == "Babel"


def test_random_differs_between_launches(driver: Driver) -> None:
    """Forks do not share their random numbers."""
    app = "import random\nfrom fastapi import FastAPI\napp = FastAPI()\ndraw = random.random\n"
    values = [driver.launch(app).ready().ask("call", target="app:draw") for _ in range(2)]
    assert values[0] != values[1]
