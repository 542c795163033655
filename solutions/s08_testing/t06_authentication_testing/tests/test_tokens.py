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
def make_token(key: str, algorithm: str = "HS256", **changes: object) -> str:
    """Make the token that a login would give to Ada, but for the changes."""
    claims = {
        "sub": "Ada",
        "aud": "library",
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        "scope": "loans",
    }
    return jwt.encode(claims | changes, key, algorithm=algorithm)


def test_a_good_token_is_accepted(app: FastAPI, settings: Settings) -> None:
    assert ask(app, make_token(settings.key)) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": datetime(2026, 1, 1, tzinfo=UTC)},
        {"aud": "cinema"},
        {"key": "a-key-that-somebody-else-made-up"},
        {"key": "", "algorithm": "none"},
    ],
    ids=["expired", "for another audience", "forged", "unsigned"],
)
def test_a_bad_token_is_refused(app: FastAPI, settings: Settings, changes: dict[str, str]) -> None:
    assert ask(app, make_token(**{"key": settings.key, **changes})) == 401


# endregion
