"""What the library needs around it: PostgreSQL, Redis and a model, by their addresses."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from openai import AsyncOpenAI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from library.models import Base

WARM_UP = 0.1


async def prepare(app: FastAPI, engine: AsyncEngine) -> None:
    """Make the tables and load the index, which takes its time; then the app is ready."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await asyncio.sleep(WARM_UP)
    app.state.ready = True


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Reach the services as long as the app runs; prepare while it already answers."""
    app.state.ready = False
    app.state.engine = engine = create_async_engine(os.environ["DATABASE_URL"])
    app.state.store = Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    app.state.model = AsyncOpenAI(max_retries=0)
    preparing = asyncio.create_task(prepare(app, engine))
    yield
    preparing.cancel()
    await asyncio.gather(preparing, return_exceptions=True)
    await app.state.model.close()
    await app.state.store.aclose()
    await engine.dispose()


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session for one request."""
    async with AsyncSession(request.app.state.engine, expire_on_commit=False) as session:
        yield session


def get_store(request: Request) -> Redis:
    """Give the client of Redis."""
    store: Redis = request.app.state.store
    return store


def get_model(request: Request) -> AsyncOpenAI:
    """Give the client of the model."""
    model: AsyncOpenAI = request.app.state.model
    return model


SessionDep = Annotated[AsyncSession, Depends(get_session)]
StoreDep = Annotated[Redis, Depends(get_store)]
ModelDep = Annotated[AsyncOpenAI, Depends(get_model)]
