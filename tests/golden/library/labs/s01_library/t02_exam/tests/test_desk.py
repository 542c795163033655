"""Tests of the desk."""

from fastapi.testclient import TestClient

from library import app

client = TestClient(app)


# region write_tests: Tests that notice a desk that is broken.
# endregion
