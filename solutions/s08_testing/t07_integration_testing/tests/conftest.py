"""The running library for the tests of this folder, and what they hold it with."""

import os
import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
import uvicorn
from fastapi import Request
from openai import AsyncOpenAI
from redis import Redis

from library.app import app
from library.services import get_model

PATIENCE = 5.0
FAULTS = ("refuse", "cut", "garble", "stall", "slow", "")


def address_of(server: uvicorn.Server) -> str:
    """Give the address of a server that has started, whatever port the system has given it."""
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture(scope="session", autouse=True)
def addresses() -> None:
    """Skip all tests where the services are not there."""
    names = ("DATABASE_URL", "REDIS_URL", "OPENAI_BASE_URL")
    if missing := [name for name in names if name not in os.environ]:
        pytest.skip(f"without {', '.join(missing)} there is nothing to integrate with")


# region start_server: `server`, once a session: the address of the library, which is ready.
@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a real server in a thread, and give its address once it is ready."""
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=running.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    with httpx2.Client() as asking:
        while not (running.started and asking.get(f"{address_of(running)}/health").is_success):
            assert time.monotonic() < deadline, "The library is not ready in time."
            time.sleep(0.01)
    yield address_of(running)
    running.should_exit = True
    thread.join()


# endregion


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx2.Client]:
    """Give a client that talks to the running library over HTTP."""
    with httpx2.Client(base_url=server, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def store() -> Iterator[Redis]:
    """Give a client of the library's Redis."""
    with Redis.from_url(os.environ["REDIS_URL"], decode_responses=True) as store:
        yield store


@pytest.fixture
def let_fail() -> Iterator[Callable[[str], None]]:
    """Give a function: after `let_fail("refuse; status=500")` the model refuses whatever is asked.

    `let_fail("")` ends it, and so does the end of the test. The local model obeys X-Fault.
    """

    def let_fail(fault: str) -> None:
        if fault.partition(";")[0] not in FAULTS:
            raise ValueError(f"the model knows no fault {fault!r}")

        def get_failing_model(request: Request) -> AsyncOpenAI:
            model: AsyncOpenAI = get_model(request)
            return model.with_options(default_headers={"X-Fault": fault})

        app.dependency_overrides[get_model] = get_failing_model if fault else get_model

    yield let_fail
    app.dependency_overrides.clear()
