"""Services of our own, in containers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from docker.errors import DockerException  # type: ignore[import-untyped]  # it has no types
from testcontainers.community.postgres import PostgresContainer

IMAGE = "postgres:18-alpine"


# region use_container: A PostgreSQL in a container while the block lasts; a skip without Docker.
@contextmanager
def postgres_container() -> Iterator[str]:
    """Give the address of a PostgreSQL of IMAGE, with the driver asyncpg."""
    with PostgresContainer(IMAGE) as container:
        yield container.get_connection_url()


# endregion
