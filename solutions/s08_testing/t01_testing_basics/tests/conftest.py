"""Fixtures for the tests of this folder: pytest finds them here without an import."""

import pytest
from fastapi.testclient import TestClient

import library.app


# region keep_apart: Each test gets a client of an app of its own.
@pytest.fixture
def client() -> TestClient:
    """Give a client of an app whose catalogue is empty."""
    return TestClient(library.app.create_app())


# endregion
