"""Fixtures for the tests of this folder."""

from collections.abc import AsyncIterator

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
async def app(model: RuleModel) -> FastAPI:
    """Give an app from its start-up to its shutdown."""
    app: FastAPI = create_app(model)
    return app


@pytest.fixture
async def client(app: FastAPI) -> httpx2.AsyncClient:
    """Give a client that calls the app in the test's own event loop."""
    raise NotImplementedError


# endregion
