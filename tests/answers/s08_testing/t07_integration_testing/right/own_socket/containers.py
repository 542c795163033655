"""Services of our own, in containers."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from docker.errors import DockerException  # type: ignore[import-untyped]  # it has no types
from testcontainers.community.postgres import PostgresContainer

IMAGE = "postgres:18-alpine"


# region use_container: A PostgreSQL in a container while the block lasts; a skip without Docker.
@contextmanager
def postgres_container() -> Iterator[str]:
    """Ask for the engine, then start, and stop whatever happens."""
    container = None
    with suppress(DockerException):
        container = PostgresContainer(IMAGE, driver="asyncpg")
    if container is None:
        pytest.skip("no engine of Docker")
    container.start()
    try:
        yield container.get_connection_url()
    finally:
        container.stop()


# endregion
