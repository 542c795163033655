"""Tests of what a librarian may do and a reader may not."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient


# region guard_readers: Tests of GET /readers: for Cleo, for Ada, for Ada who asks for more.
@pytest.mark.parametrize("scope", [None, "readers", "loans readers books"])
@pytest.mark.parametrize("name, status", [("Ada", 403), ("Cleo", 200)])
def test_readers(
    app: FastAPI, passwords: dict[str, str], name: str, status: int, scope: str | None
) -> None:
    client = TestClient(app)
    form = {"username": name, "password": passwords[name]} | ({"scope": scope} if scope else {})
    token = client.post("/token", data=form).json()["access_token"]
    answer = client.get("/readers", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


# endregion
