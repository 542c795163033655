"""Tests of the locks: no route may forget its own."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

PUBLIC = {("GET", "/books"), ("POST", "/token")}


# region sweep_routes: A test that asks every route of the app, also those to come, without a token.
def test_locks(app: FastAPI, subtests: pytest.Subtests) -> None:
    seen = set()
    for context in iter_route_contexts(app.routes):
        if not isinstance(context.route, APIRoute):
            continue  # the documentation, which is public
        for method in context.methods or ():
            path = str(context.path)
            seen.add((method, path))
            if (method, path) in PUBLIC:
                continue
            with subtests.test(method=method, path=path):
                wrong = {"Authorization": "Bearer nonsense"}
                for headers in ({}, wrong):
                    answer = TestClient(app).request(method, path, headers=headers)
                    assert answer.status_code == 401
    assert seen >= PUBLIC


# endregion
