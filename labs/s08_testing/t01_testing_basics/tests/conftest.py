"""Fixtures for the tests of this folder: pytest finds them here without an import."""

import pytest
from fastapi.testclient import TestClient

import library.app


# region keep_apart: Each test gets a client of an app of its own.
@pytest.fixture
def client() -> TestClient:
    """Give a client of the library's app."""
    return TestClient(library.app.app)


# endregion
