"""Tests of the locks: no route may forget its own."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

PUBLIC = {("GET", "/books"), ("POST", "/token")}


# region sweep_routes: A test that asks every route of the app, also those to come, without a token.
# endregion
