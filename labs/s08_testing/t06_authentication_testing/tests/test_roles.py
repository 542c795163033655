"""Tests of what a librarian may do and a reader may not."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region guard_readers: Tests of GET /readers: for Cleo, for Ada, for Ada who asks for more.
# endregion
