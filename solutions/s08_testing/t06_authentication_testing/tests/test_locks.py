"""Tests of the locks: no route may forget its own."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

PUBLIC = {("GET", "/books"), ("POST", "/token")}


# region sweep_routes: A test that asks every route of the app, also those to come, without a token.
def test_every_other_route_wants_a_token(app: FastAPI) -> None:
    client = TestClient(app)
    operations = {
        (method.upper(), path) for path, item in app.openapi()["paths"].items() for method in item
    }
    assert operations > PUBLIC
    for method, path in operations - PUBLIC:
        response = client.request(method, path.replace("{", "").replace("}", ""))
        assert response.status_code == 401, f"{method} {path}"
        assert response.headers["WWW-Authenticate"] == "Bearer"


# endregion
