"""Tests of what a librarian may do and a reader may not."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region guard_readers: Tests of GET /readers: for Cleo, for Ada, for Ada who asks for more.
def test_readers_are_listed_for_librarians_only(log_in: Callable[[str], TestClient]) -> None:
    assert log_in("Cleo").get("/readers").status_code == 200
    assert log_in("Ada").get("/readers").status_code == 403


def test_nobody_gets_a_scope_by_asking(app: FastAPI, passwords: dict[str, str]) -> None:
    client = TestClient(app)
    form = {"username": "Ada", "password": passwords["Ada"], "scope": "loans readers"}
    token = client.post("/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/readers", headers=headers).status_code == 403
    assert client.get("/loans", headers=headers).status_code == 200


# endregion
