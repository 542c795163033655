"""Tests of logins that fail."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region tell_nothing: A test that a failed login does not tell what was wrong.
def test_a_failed_login_tells_nothing(app: FastAPI) -> None:
    client = TestClient(app)
    wrong = client.post("/token", data={"username": "Ada", "password": "guess"})
    unknown = client.post("/token", data={"username": "Zoe", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers == unknown.headers


# endregion
