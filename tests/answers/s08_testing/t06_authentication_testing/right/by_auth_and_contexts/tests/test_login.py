"""Tests of logins that fail."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region tell_nothing: A test that a failed login does not tell what was wrong.
def test_failed_logins_look_alike(app: FastAPI) -> None:
    answers = {
        (answer.status_code, answer.text)
        for name in ("Ada", "Cleo", "Zoe", "ada")
        for answer in [TestClient(app).post("/token", data={"username": name, "password": "x"})]
    }
    ((status, _),) = answers
    assert status == 401


# endregion
