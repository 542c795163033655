"""Tests of cookies and redirects: who has logged in, and where that leads."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region keep_cookies: Tests of two readers of one app, and of where their login sends them.
def test_history_and_cookie_jars(app: FastAPI) -> None:
    clients = {name: TestClient(app, base_url="https://library") for name in ("Ada", "Bob")}
    for name, client in clients.items():
        response = client.post("/login", data={"reader": name})
        (redirect,) = response.history
        assert redirect.status_code == 303
        assert response.url.path == "/desk"
    assert clients["Ada"].get("/desk").json()["reader"] == "Ada"
    clients["Ada"].cookies.clear()
    assert clients["Ada"].get("/desk").status_code == 401


# endregion
