"""Fixtures: a client of an app with an empty database, and the model that this app asks."""

from collections.abc import Iterator
from unittest.mock import AsyncMock

import pytest
from fastapi.testclient import TestClient

from library.app import app
from library.assistant import get_model


@pytest.fixture
def model() -> AsyncMock:
    """Give the model: set what it says (`return_value`) or what it raises (`side_effect`)."""
    return AsyncMock(return_value="Try Emma.")


@pytest.fixture
def client(model: AsyncMock) -> Iterator[TestClient]:
    """Give a client of the app, whose database is empty."""
    app.dependency_overrides[get_model] = lambda: model
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()
