"""Databases and clients for the tests of this folder."""

import os
from collections.abc import AsyncIterator, Iterator
from sqlite3 import Connection as SQLiteConnection

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, StaticPool

from library.app import app, get_session
from library.models import Base


def set_up(connection: SQLiteConnection, _record: object) -> None:
    """On `connect`: let SQLite enforce foreign keys, and leave BEGIN to SQLAlchemy."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.isolation_level = None


def begin(connection: Connection) -> None:
    """On `begin`: begin a transaction before whatever comes, be it a SAVEPOINT."""
    connection.exec_driver_sql("BEGIN")


# region make_engine: `engine`, once a session: one database in memory, set up, with all tables.
@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Make one database in memory for all tests and threads."""
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


# endregion


# region roll_back: `connection`, undone after each test, and `session`, whose commits stay in it.
@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose transaction is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """Give a session of the test's own."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


# endregion


# region replace_session: `client`: each request of it gets a session of its own on `connection`.
@pytest.fixture
def client(connection: Connection) -> Iterator[TestClient]:
    """Give a client whose requests work on the test's connection."""

    def get_test_session() -> Iterator[Session]:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session

    app.dependency_overrides[get_session] = get_test_session
    yield TestClient(app)
    app.dependency_overrides.clear()


# endregion


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run what is asynchronous in one asyncio loop for all tests."""
    return "asyncio"


@pytest.fixture(scope="session")
async def postgres_url() -> str:
    """Make the tables once in the PostgreSQL database that DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL")
    if url is None:
        pytest.skip("DATABASE_URL names no PostgreSQL")
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return url


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[AsyncSession]:
    """Give a session on PostgreSQL; what it commits is undone after the test."""
    engine = create_async_engine(postgres_url, poolclass=NullPool)
    async with engine.connect() as connection:
        transaction = await connection.begin()
        async with AsyncSession(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        await transaction.rollback()
