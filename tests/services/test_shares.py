"""Shares of real services: clean, apart from each other, and gone afterwards."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import asyncpg
import pytest
import redis as redis_py

from checker.services import Services
from checker.services.running import merged
from checker.services.shares import Shares

NAMES = ("postgres", "redis")


@pytest.fixture(scope="module")
def running() -> Iterator[Services]:
    """Keep the services for the tests here."""
    with Services() as services:
        yield services


def shares_of(services: Services) -> Shares:
    """Divide the services as a check does."""
    addresses = services.prepare(NAMES)
    controls = {name: dict(address.control) for name, address in addresses.items()}
    return Shares(controls, {**merged(addresses), "LIBRARY": "main"})


def redis_of(env: dict[str, str]) -> "redis_py.Redis":
    return redis_py.Redis.from_url(env["REDIS_URL"], socket_timeout=5)


def ask(env: dict[str, str], statement: str) -> object:
    """Send a statement as a lab would, and give its first value."""

    async def send() -> object:
        connection = await asyncpg.connect(env["DATABASE_URL"].replace("+asyncpg", ""))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(send())


MADE = "SELECT count(*) FROM pg_database WHERE datname LIKE '%_share_%'"
COUNT = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def test_shares_at_the_same_time_do_not_meet(running: Services) -> None:
    shares = shares_of(running)
    with shares.one() as first, shares.one() as second:
        ask(first, "CREATE TABLE loans (id int)")
        with redis_of(first) as one, redis_of(second) as other:
            one.set("book", "Dune")
            assert other.dbsize() == 0
        assert ask(second, COUNT) == 0
        assert first["LIBRARY"] == second["LIBRARY"] == "main"
    assert shares.common == {"LIBRARY": "main"}


def test_the_next_share_is_clean(running: Services) -> None:
    shares = shares_of(running)
    with shares.one() as first:
        ask(first, "CREATE TABLE loans (id int)")
        with redis_of(first) as client:
            client.set("book", "Dune")
    assert ask(first, COUNT) == 0
    with shares.one() as second:
        assert ask(second, COUNT) == 0
        with redis_of(second) as client:
            assert client.dbsize() == 0


def test_the_databases_of_a_check_are_gone_in_the_next(running: Services) -> None:
    shares = shares_of(running)
    with ExitStack() as stack:
        envs = [stack.enter_context(shares.one()) for _ in range(4)]
        assert len({env["DATABASE_URL"] for env in envs}) == 4
        assert int(str(ask(envs[0], MADE))) >= 1
    for _ in range(2):  # the first begins to drop them, the second waits for that
        shares = shares_of(running)
    with shares.one() as env:
        assert int(str(ask(env, MADE))) <= 1


def test_a_database_that_a_trial_drops_is_replaced(running: Services) -> None:
    shares = shares_of(running)
    with shares.one() as first:
        name = first["DATABASE_URL"].rpartition("/")[2]
        elsewhere = {"DATABASE_URL": first["DATABASE_URL"].replace(name, "postgres")}
        ask(elsewhere, f"DROP DATABASE {name} WITH (FORCE)")
    with shares.one() as second:
        assert second["DATABASE_URL"] != first["DATABASE_URL"]
        assert ask(second, COUNT) == 0


def test_what_a_trial_sets_does_not_reach_the_next(running: Services) -> None:
    shares = shares_of(running)
    with shares.one() as first:
        name = first["DATABASE_URL"].rpartition("/")[2]
        ask(first, f"ALTER DATABASE {name} SET search_path = nowhere")
        ask(first, "CREATE SCHEMA shelf")
    with shares.one() as second:
        assert second["DATABASE_URL"] == first["DATABASE_URL"]
        assert ask(second, "SHOW search_path") == '"$user", public'
        assert ask(second, "SELECT count(*) FROM pg_namespace WHERE nspname = 'shelf'") == 0


def test_there_are_as_many_as_redis_has_databases(running: Services) -> None:
    shares = shares_of(running)
    with ExitStack() as stack:
        urls = {stack.enter_context(shares.one())["REDIS_URL"] for _ in range(3)}
    assert len(urls) == 3
    assert shares.most == 15


def test_a_redis_of_ones_own_is_not_divided(
    running: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = running.environment(["redis"])["REDIS_URL"].rpartition("/")[0] + "/3"
    monkeypatch.setenv("REDIS_URL", theirs)
    with Services() as services:
        address = services.prepare(["redis"])["redis"]
        shares = Shares({"redis": dict(address.control)}, address.env)
        with shares.one() as env:
            assert env == {"REDIS_URL": theirs}
        assert shares.most == 1
