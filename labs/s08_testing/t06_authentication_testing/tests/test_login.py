"""Tests of logins that fail."""

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region tell_nothing: A test that a failed login does not tell what was wrong.
# endregion
