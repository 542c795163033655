"""Tests of tokens that the library must not accept."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from library.readers import Settings


def ask(app: FastAPI, token: str) -> int:
    """Ask who I am with a token, and give the status of the answer."""
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(app).get("/me", headers=headers).status_code


# region refuse_tokens: Tests of a good token, and of four that differ from it in one thing each.
@pytest.fixture
def good(app: FastAPI, passwords: dict[str, str]) -> str:
    """Give a token that a login has made."""
    form = {"username": "Bob", "password": passwords["Bob"]}
    token: str = TestClient(app).post("/token", data=form).json()["access_token"]
    return token


def claims_of(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


class TestTokens:
    def test_good(self, app: FastAPI, good: str) -> None:
        assert ask(app, good) == 200

    def test_late(self, app: FastAPI, good: str, settings: Settings) -> None:
        late = {"exp": datetime.now(UTC) - timedelta(minutes=1)}
        assert ask(app, jwt.encode(claims_of(good) | late, settings.key)) == 401

    def test_elsewhere(self, app: FastAPI, good: str, settings: Settings) -> None:
        assert ask(app, jwt.encode(claims_of(good) | {"aud": "cinema"}, settings.key)) == 401

    def test_forged(self, app: FastAPI, good: str) -> None:
        head, body, signature = good.split(".")
        assert ask(app, f"{head}.{body}.{signature[::-1]}") == 401

    def test_unsigned(self, app: FastAPI, good: str) -> None:
        assert ask(app, jwt.encode(claims_of(good), "", algorithm="none")) == 401


# endregion
