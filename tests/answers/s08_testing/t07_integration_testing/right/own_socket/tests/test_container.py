"""A test in a container; it is right."""

import pytest
from containers import postgres_container  # type: ignore[import-not-found]  # beside `tests`
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.mark.anyio
async def test_a_container_is_a_real_postgres() -> None:
    with postgres_container() as url:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            version = await connection.scalar(text("SELECT version()"))
        await engine.dispose()
        assert version.startswith("PostgreSQL 18")
