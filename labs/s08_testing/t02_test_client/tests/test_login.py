"""Tests of cookies and redirects: who has logged in, and where that leads."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region keep_cookies: Tests of two readers of one app, and of where their login sends them.
# endregion
