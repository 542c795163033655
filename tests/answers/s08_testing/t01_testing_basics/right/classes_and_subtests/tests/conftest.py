"""Fixtures for the tests of this folder: pytest finds them here without an import."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

import library.app


# region keep_apart: Each test gets a client of an app of its own.
@pytest.fixture
def client() -> Iterator[TestClient]:
    """Give a client, and close it afterwards."""
    with TestClient(library.app.create_app()) as client:
        yield client


# endregion
