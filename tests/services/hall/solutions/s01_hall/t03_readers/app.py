"""Readers, kept in PostgreSQL."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the table, and give connections back at the end."""
    async with engine.begin() as connection:
        await connection.execute(
            text("CREATE TABLE IF NOT EXISTS readers (id serial PRIMARY KEY, name text UNIQUE)")
        )
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/readers/{name}", status_code=201)
async def add_reader(name: str) -> dict[str, int]:
    """Store a reader."""
    try:
        async with engine.begin() as connection:
            query = text("INSERT INTO readers (name) VALUES (:name) RETURNING id")
            return {"id": (await connection.execute(query, {"name": name})).scalar_one()}
    except IntegrityError:
        raise HTTPException(409) from None
