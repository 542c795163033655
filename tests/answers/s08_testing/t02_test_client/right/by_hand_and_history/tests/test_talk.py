"""Tests of the talk at the desk, over a WebSocket."""

import pytest
from fastapi import WebSocketDisconnect
from fastapi.testclient import TestClient


# region talk: Tests of a talk with two questions, and of a reader who gives no name.
def test_talk(client: TestClient) -> None:
    with client.websocket_connect("/desk/ws", params={"reader": "Bob"}) as websocket:
        assert websocket.receive_text() == '{"welcome":"Bob"}'
        websocket.send_text('{"title": "Dracula"}')
        assert websocket.receive_json()["shelf"] == "S"
        websocket.send_json({"title": "Emma"}, mode="text")
        assert websocket.receive_json()["shelf"] == "A"


def test_refusal(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect, check=lambda refused: refused.code == 1008):
        client.websocket_connect("/desk/ws?reader=").__enter__()


# endregion
