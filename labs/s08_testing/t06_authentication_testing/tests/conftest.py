"""Fixtures for the tests of this folder: an app with test users, and how they log in."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library.app import create_app
from library.readers import Settings


@pytest.fixture
def passwords() -> dict[str, str]:
    """Give the passwords of the test users: Ada and Bob, who read, and Cleo, a librarian."""
    return {"Ada": "ada-likes-emma", "Bob": "bob-likes-bats", "Cleo": "cleo-likes-order"}


@pytest.fixture
def settings() -> Settings:
    """Give settings for tests: a known key, and passwords that are hashed in no time."""
    return Settings(key="a-key-for-tests-only-4be1c0ffee7d", hash_rounds=1)


@pytest.fixture
def app(settings: Settings, passwords: dict[str, str]) -> FastAPI:
    """Give an app with the test users; Ada has loan 1, and Bob loan 2."""
    app: FastAPI = create_app(settings)
    for name, password in passwords.items():
        app.state.readers.register(name, password, "librarian" if name == "Cleo" else "reader")
    return app


# region log_in: A function that gives a client of `app` whose requests come from a reader.
@pytest.fixture
def log_in(app: FastAPI, passwords: dict[str, str]) -> Callable[[str], TestClient]:
    """Give a function: from a test user's name to a client that has logged in."""
    from library.security import get_current_reader

    def log_in(name: str) -> TestClient:
        app.dependency_overrides[get_current_reader] = lambda: app.state.readers.find(name)
        return TestClient(app)

    return log_in


# endregion
