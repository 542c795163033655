"""Fixtures for the tests of this folder: an app with test users, and how they log in."""

from collections.abc import Callable, Generator

import httpx2
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
class BearerAuth(httpx2.Auth):
    """Fetches a token before the first request that needs one."""

    def __init__(self, app: FastAPI, form: dict[str, str]) -> None:
        self.client = TestClient(app)
        self.form = form
        self.token = ""

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        if not self.token:
            self.token = self.client.post("/token", data=self.form).json()["access_token"]
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


@pytest.fixture(name="log_in")
def logging_in(app: FastAPI, passwords: dict[str, str]) -> Callable[[str], TestClient]:
    """Give a function: from a test user's name to a client that logs in when it is used."""

    def log_in(name: str) -> TestClient:
        client = TestClient(app)
        client.auth = BearerAuth(app, {"username": name, "password": passwords[name]})
        return client

    return log_in


# endregion
