"""What 5.8.7 asks: a server for tests, and tests that hold library, Redis and model together."""

import pytest

from checker.judge.api import Exam

READY = """
from collections.abc import Generator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[str], request: pytest.FixtureRequest
) -> Generator[None, str, str]:
    address = yield
    if fixturedef.argname == "server":
        request.config.server_scope = fixturedef.scope
        try:
            request.config.server_said = urlopen(f"{address}/health").status
        except HTTPError as error:
            request.config.server_said = error.code
    return address
"""
SERVERS = """
from urllib.parse import urlsplit

import pytest


def test_given(server: str) -> None:
    assert server


def test_ready(server: str, request: pytest.FixtureRequest) -> None:
    assert request.config.server_said == 200


def test_scope(server: str, request: pytest.FixtureRequest) -> None:
    assert request.config.server_scope == "session"


def test_port_of_the_system(server: str) -> None:
    assert urlsplit(server).port not in {5000, 8000, 8001, 8080, 8888, 9000}
"""
CONTAINERS = """
import pytest
from docker.errors import DockerException, ImageNotFound
from testcontainers.community.postgres import PostgresContainer

from containers import postgres_container

URL = "postgresql+asyncpg://test:test@localhost:5432/test"
MADE = []
DONE = []


def make(container: object, image: str, *args: object, **settings: object) -> None:
    MADE.append((image, settings.get("driver")))


def fail(*args: object, **settings: object) -> None:
    raise DockerException("no engine")


@pytest.fixture
def docker(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    MADE.clear()
    DONE.clear()
    monkeypatch.setattr(PostgresContainer, "__init__", make)
    monkeypatch.setattr(PostgresContainer, "__del__", lambda container: None, raising=False)
    monkeypatch.setattr(PostgresContainer, "start", lambda container: container)
    monkeypatch.setattr(PostgresContainer, "stop", lambda *args, **settings: DONE.append("stop"))
    monkeypatch.setattr(PostgresContainer, "get_connection_url", lambda *args, **settings: URL)
    return monkeypatch


def test_address(docker: pytest.MonkeyPatch) -> None:
    with postgres_container() as url:
        assert url == URL
        assert MADE == [("postgres:18-alpine", "asyncpg")]
        assert DONE == []


def test_stop(docker: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError), postgres_container():
        1 / 0
    assert DONE == ["stop"]


def test_without_engine(docker: pytest.MonkeyPatch) -> None:
    docker.setattr(PostgresContainer, "__init__", fail)
    with pytest.raises(pytest.skip.Exception, match="no engine"), postgres_container():
        pass


def test_without_image(docker: pytest.MonkeyPatch) -> None:
    def start(container: object) -> None:
        raise ImageNotFound("no such image")

    docker.setattr(PostgresContainer, "start", start)
    with pytest.raises(ImageNotFound), postgres_container():
        pass
"""
PROBES = {
    "conftest.py": READY,
    "tests/probes/test_servers.py": SERVERS,
    "tests/probes/test_containers.py": CONTAINERS,
}


def probe(exam: Exam, name: str, file: str = "test_servers.py") -> set[str]:
    """Run the probes of a file with what the learner wrote, and tell what became of one."""
    return exam.run(PROBES, f"tests/probes/{file}").of("tests/probes", name)


@pytest.mark.task("start_server")
def test_server_is_ready(exam: Exam) -> None:
    """The server that `server` gives is ready when it gives its address, and takes a book."""
    if probe(exam, "test_given") == {"passed"}:  # else its own tests say why not
        assert probe(exam, "test_ready") == {"passed"}, (
            "When `server` gives the address, `/health` answers 503: the server has started, and"
            " is not ready yet."
        )
    exam.choose("tests/test_server.py").passes()


@pytest.mark.task("start_server")
def test_one_server(exam: Exam) -> None:
    """All tests share one server, whose port the system has chosen."""
    assert probe(exam, "test_scope") == {"passed"}, (
        "`server` does not last for all tests: it is started more than once."
    )
    assert probe(exam, "test_port_of_the_system") == {"passed"}, (
        "The port is a fixed one, which another program may have: let the system choose, by 0."
    )


@pytest.mark.task("walk_through")
def test_journeys(exam: Exam) -> None:
    """Your tests walk through the running library, and fail where it is broken."""
    exam.notices()


@pytest.mark.task("hold_cache")
def test_cache(exam: Exam) -> None:
    """Your tests hold the library to what it keeps in Redis, and fail where it is broken."""
    exam.notices()


@pytest.mark.task("let_it_fail")
def test_faults(exam: Exam) -> None:
    """Your tests let the model fail, and fail where the library makes nothing of it."""
    exam.notices()


@pytest.mark.task("use_container")
def test_container(exam: Exam) -> None:
    """Where an engine answers, the block gets the address of IMAGE, reached by asyncpg."""
    assert probe(exam, "test_address", "test_containers.py") == {"passed"}, (
        "With a Docker engine, the block does not get the address of a container of IMAGE with"
        " the driver asyncpg."
    )


@pytest.mark.task("use_container")
def test_container_stops(exam: Exam) -> None:
    """The container stops when the block ends, be it by an exception."""
    assert probe(exam, "test_stop", "test_containers.py") == {"passed"}, (
        "A block that ends by an exception leaves its container running."
    )


@pytest.mark.task("use_container")
def test_skips(exam: Exam) -> None:
    """Without an engine the test is skipped, and for no other reason."""
    assert probe(exam, "test_without_engine", "test_containers.py") == {"passed"}, (
        "Where no Docker engine answers, the test is not skipped with what docker says as reason."
    )
    assert probe(exam, "test_without_image", "test_containers.py") == {"passed"}, (
        "An image that does not exist makes the test skipped, where it ought to fail: a skip may"
        " hide one cause only."
    )
