"""Tests of the summary, which is streamed."""

import json

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region read_stream: Tests of the stream as it begins, and as it ends.
def test_the_first_word_comes_before_the_last_is_said(app: FastAPI, client: TestClient) -> None:
    with client.stream("GET", "/books/1/summary") as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/x-ndjson"
        assert json.loads(next(response.iter_lines())) == {"word": "Emma"}
        assert len(app.state.assistant.said) < 10


def test_the_end_is_told(client: TestClient) -> None:
    with client.stream("GET", "/books/1/summary") as response:
        *words, end = (json.loads(line) for line in response.iter_lines())
    assert end == {"done": True}
    assert len(words) == 203


# endregion
