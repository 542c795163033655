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
# endregion
