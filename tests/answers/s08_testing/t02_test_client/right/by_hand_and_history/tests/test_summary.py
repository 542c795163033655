"""Tests of the summary, which is streamed."""

import json

from fastapi import FastAPI
from fastapi.testclient import TestClient


# region read_stream: Tests of the stream as it begins, and as it ends.
def test_summary(app: FastAPI, client: TestClient) -> None:
    said = app.state.assistant.said
    rows = []
    with client.stream("GET", "/books/2/summary") as response:
        for line in response.iter_lines():
            rows.append(json.loads(line))
            assert len(said) <= len(rows) + 1
    assert rows == [{"word": word} for word in said] + [{"done": True}]


# endregion
