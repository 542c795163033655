"""The real Redis: started, reset, guarded, and yielding to the user's own."""

import asyncio
import os
import signal
import socket
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis as redis_py
from redis.exceptions import AuthenticationError, NoPermissionError

from checker.errors import EnvironmentFaultError
from checker.host.bridge import free_port
from checker.services import Services
from checker.services.redis import Redis, RedisServer, find_program
from checker.services.registry import SERVICES
from checker.services.running import preload
from tests.services.conftest import children, descendants, is_root, name_of, wait_for


def connect(url: str) -> redis_py.Redis:
    """Connect as a lab would."""
    return redis_py.Redis.from_url(url, decode_responses=True, socket_timeout=5)


def test_a_real_server_answers_on_loopback(services: Services) -> None:
    url = services.environment(["redis"])["REDIS_URL"]
    with connect(url) as client:
        assert client.ping()
        assert client.info("server")["tcp_port"] == client.connection_pool.connection_kwargs["port"]
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        assert client.config_get("save") == {"save": ""}
    (server,) = children(services.pids()["redis"])
    assert name_of(server) == "redis-server"
    if is_root():
        assert Path(f"/proc/{server}").stat().st_uid != 0


def test_a_reset_leaves_nothing_and_the_server_stays(services: Services) -> None:
    url = services.environment(["redis"])["REDIS_URL"]
    before = descendants(services.pids()["redis"])
    with connect(url) as client, client.pubsub() as listener:
        client.set("book", "Dune")
        listener.subscribe("loans")
        assert services.environment(["redis"]) == {"REDIS_URL": url}
        assert client.dbsize() == 0
        with pytest.raises(redis_py.ConnectionError):
            list(iter(lambda: listener.get_message(timeout=1), None))
    assert descendants(services.pids()["redis"]) == before


@pytest.mark.parametrize(
    "command", ["CONFIG SET dir /tmp", "SHUTDOWN NOSAVE", "SAVE", "MODULE LIST", "ACL LIST"]
)
def test_a_lab_cannot_reach_beyond_its_data(services: Services, command: str) -> None:
    url = services.environment(["redis"])["REDIS_URL"]
    with connect(url) as client, pytest.raises(NoPermissionError):
        client.execute_command(*command.split())


def test_nobody_gets_in_without_the_secret(services: Services) -> None:
    url = services.environment(["redis"])["REDIS_URL"]
    host = url.rpartition("@")[2]
    with connect(f"redis://{host}") as client, pytest.raises(AuthenticationError):
        client.get("book")


def test_a_suite_may_inspect_flush_and_hang_up(services: Services) -> None:
    address = services.prepare(["redis"])["redis"]
    suite = Redis(address.control, address.env)
    with connect(suite.url) as client:
        client.set("book", "Emma")
        assert suite.client.get("book") == "Emma"
        suite.flush()
        assert client.get("book") is None
        client_id = client.client_id()
        suite.hang_up()
        assert wait_for(lambda: all(int(one["id"]) != client_id for one in clients(suite)))
    suite.close()


def clients(suite: Redis) -> list[dict[str, str]]:
    """List who is connected."""
    found: list[dict[str, str]] = suite.client.client_list()
    return found


def test_a_server_that_was_killed_is_trouble_and_then_started_anew(services: Services) -> None:
    url = services.environment(["redis"])["REDIS_URL"]
    assert services.trouble(["redis"]) is None
    (server,) = children(services.pids()["redis"])
    os.kill(server, signal.SIGKILL)
    trouble = services.trouble(["redis"])
    assert trouble is not None
    assert trouble.message == "Redis: It ended during the work, by SIGKILL."
    assert "started anew" in trouble.remedy
    assert services.environment(["redis"])["REDIS_URL"] != url
    assert services.trouble(["redis"]) is None


def test_a_server_that_died_between_two_checks_is_started_anew(services: Services) -> None:
    services.prepare(["redis"])
    (server,) = children(services.pids()["redis"])
    os.kill(server, signal.SIGKILL)
    with connect(services.environment(["redis"])["REDIS_URL"]) as client:
        assert client.ping()


def test_a_server_that_hangs_is_trouble(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.services.running.PING_SECONDS", 0.3)
    services.prepare(["redis"])
    keeper = services.pids()["redis"]
    (server,) = children(keeper)
    os.kill(server, signal.SIGSTOP)
    trouble = services.trouble(["redis"])
    assert trouble is not None
    assert "does not answer" in trouble.message
    assert wait_for(lambda: not name_of(server) and not name_of(keeper))


def test_the_users_own_server_is_used(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their database is emptied between checks, and never taken from them."""
    theirs = services.prepare(["redis"])["redis"]
    url = theirs.control["url"].removesuffix("/0") + "/5"
    monkeypatch.setenv("REDIS_URL", url)
    with Services() as ours, connect(url) as client:
        address = ours.prepare(["redis"])["redis"]
        assert (address.env, children(ours.pids()["redis"])) == ({"REDIS_URL": url}, [])
        client.set("book", "Dune")
        ours.prepare(["redis"])
        assert client.dbsize() == 0
        client.set("book", "Dune")
    with Services() as ours, connect(url) as client:
        with pytest.raises(EnvironmentFaultError, match="holds 1 keys") as caught:
            ours.prepare(["redis"])
        assert "/15" in caught.value.remedy
        assert client.get("book") == "Dune"


@pytest.mark.parametrize(
    "url, message",
    [
        ("redis://127.0.0.1:1/0", "REDIS_URL does not answer"),
        ("127.0.0.1:6379", "REDIS_URL does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_said(
    services: Services, monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(EnvironmentFaultError, match=message) as caught:
        services.prepare(["redis"])
    assert "unset it" in caught.value.remedy


def test_a_port_that_is_taken_meanwhile_is_not_insisted_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another port is tried; when none can be had, the remedy names the variable."""

    async def start() -> int:
        server = RedisServer()
        try:
            await server.start(folder)
            return server._port
        finally:
            await server.stop()

    with socket.create_server(("127.0.0.1", 0)) as taken, TemporaryDirectory() as name:
        folder = Path(name)
        port = taken.getsockname()[1]
        free = free_port()
        ports = iter([port, free])
        monkeypatch.setattr("checker.services.redis.free_port", lambda: next(ports))
        assert asyncio.run(start()) == free
        monkeypatch.setattr("checker.services.redis.free_port", lambda: port)
        with pytest.raises(EnvironmentFaultError, match="does not start") as caught:
            asyncio.run(start())
    assert "REDIS_URL" in caught.value.remedy


def test_a_machine_without_a_server_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.services.redis.package_folder", lambda _: None)
    monkeypatch.setattr("checker.services.redis.shutil.which", lambda _: "/opt/redis-server")
    assert find_program() == Path("/opt/redis-server")
    monkeypatch.setattr("checker.services.redis.shutil.which", lambda _: None)
    with pytest.raises(EnvironmentFaultError, match="no Redis server here") as caught:
        find_program()
    assert "set REDIS_URL" in caught.value.remedy
    monkeypatch.setattr("checker.services.redis.sys.platform", "win32")
    with pytest.raises(EnvironmentFaultError, match="Windows"):
        find_program()


def test_a_package_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge itself must not die of it."""
    spec = replace(SERVICES["redis"], judge_preload=("no_such_client",))
    monkeypatch.setitem(SERVICES, "redis", spec)
    with pytest.raises(EnvironmentFaultError, match="Redis is used with is missing") as caught:
        preload(["redis"])
    assert "checker doctor" in caught.value.remedy


def test_a_renewed_server_knows_nothing_of_the_last_submission() -> None:
    """Neither data and scripts nor clients, settings and passwords."""
    with Services() as services:
        before = services.prepare(["redis"])["redis"]
        with redis_py.Redis.from_url(before.env["REDIS_URL"], protocol=2) as client:
            client.set("left", "behind")
            digest = client.script_load("return 1")
            services.renew()
            after = services.prepare(["redis"])["redis"]
            with pytest.raises(redis_py.exceptions.ConnectionError):
                client.ping()
        assert after.env["REDIS_URL"] != before.env["REDIS_URL"]
        with redis_py.Redis.from_url(after.env["REDIS_URL"], protocol=2) as client:
            assert client.dbsize() == 0
            assert client.script_exists(digest) == [False]
        services.renew()
        services.renew()
        assert services.prepare(["redis"])["redis"].env != after.env
