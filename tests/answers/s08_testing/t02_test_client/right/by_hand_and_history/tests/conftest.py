"""Fixtures for the tests of this folder."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library.app import create_app


@pytest.fixture
def app() -> FastAPI:
    """Give an app of its own to each test."""
    app: FastAPI = create_app()
    return app


# region start_app: Each test gets a client of `app`, which has started, and ends after the test.
@pytest.fixture(name="client")
def started_client(app: FastAPI) -> Iterator[TestClient]:
    """Give a client that is entered here, and left when the test is over."""
    stack = ExitStack()
    yield stack.enter_context(TestClient(app))
    stack.close()


# endregion
