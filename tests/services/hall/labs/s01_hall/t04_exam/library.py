"""Add readers to PostgreSQL, and count them in Redis."""

import asyncio
import os

import asyncpg
import redis


async def add(name: str) -> int:
    """Store a reader, and give the number of readers."""
    database = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    await database.execute("CREATE TABLE IF NOT EXISTS readers (name text PRIMARY KEY)")
    await database.execute("INSERT INTO readers VALUES ($1)", name)
    await database.close()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        return int(client.incr("readers"))


async def names() -> list[str]:
    """List the readers."""
    database = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    rows = await database.fetch("SELECT name FROM readers")
    await database.close()
    return [row["name"] for row in rows]


def run(name: str) -> tuple[int, list[str]]:
    """Add a reader; give the number and the names of all."""
    return asyncio.run(add(name)), asyncio.run(names())
