"""Fixtures for the tests of this folder."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx2
import pytest
from fastapi import FastAPI

from library.app import create_app
from library.assistant import RuleModel


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run the tests marked `anyio` on asyncio only."""
    return "asyncio"


@pytest.fixture
def model() -> RuleModel:
    """Give the model that the app asks."""
    return RuleModel()


# region make_client: `app` gives an app that has started, `client` an async client of it.
@pytest.fixture
async def app(model: RuleModel) -> AsyncIterator[FastAPI]:
    """Give an app from its start-up to its shutdown."""
    app = create_app(model)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield app


@pytest.fixture
def client(app: FastAPI) -> httpx2.AsyncClient:
    """Give a client that calls the app in the test's own event loop."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


# endregion
