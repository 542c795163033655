"""Tests of the server; they are right, each by itself."""

import httpx2


def test_it_is_ready(client: httpx2.Client) -> None:
    response = client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_it_takes_a_book(client: httpx2.Client) -> None:
    book = {"title": "Skerryvore", "text": "The lighthouse of Skerryvore has 151 steps."}
    assert client.post("/books", json=book).status_code == 201
