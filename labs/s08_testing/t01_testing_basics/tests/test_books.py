"""Tests of single books, over HTTP."""

from fastapi.testclient import TestClient

from library.app import create_app


# region ask_the_app: Tests of adding, reading and removing a book.
# endregion
