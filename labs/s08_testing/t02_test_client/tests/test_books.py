"""Tests of what is sent along with a request: query, header, JSON, form and file."""

from fastapi.testclient import TestClient


# region send_requests: Tests of two shelves in one query, of the reviewer, and of a cover.
# endregion
