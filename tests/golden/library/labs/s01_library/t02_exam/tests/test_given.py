"""Tests that are given, and right."""

from fastapi.testclient import TestClient


def test_no_book(desk: TestClient) -> None:
    assert desk.get("/books/0").status_code == 404
