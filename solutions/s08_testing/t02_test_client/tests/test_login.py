"""Tests of cookies and redirects: who has logged in, and where that leads."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region keep_cookies: Tests of two readers of one app, and of where their login sends them.
def https_client(app: FastAPI) -> TestClient:
    """Give a client that sends secure cookies back."""
    return TestClient(app, base_url="https://testserver")


def test_each_client_is_a_reader_of_its_own(app: FastAPI) -> None:
    ada, bob, nobody = https_client(app), https_client(app), https_client(app)
    assert ada.post("/login", data={"reader": "Ada"}).json() == {"reader": "Ada"}
    assert bob.post("/login", data={"reader": "Bob"}).json() == {"reader": "Bob"}
    assert ada.get("/desk").json() == {"reader": "Ada"}
    assert nobody.get("/desk").status_code == 401


def test_login_leads_to_the_desk(app: FastAPI) -> None:
    client = https_client(app)
    response = client.post("/login", data={"reader": "Ada"}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["Location"] == "/desk"


# endregion
