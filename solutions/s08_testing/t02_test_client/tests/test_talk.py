"""Tests of the talk at the desk, over a WebSocket."""

import pytest
from fastapi import WebSocketDisconnect
from fastapi.testclient import TestClient


# region talk: Tests of a talk with two questions, and of a reader who gives no name.
def test_each_title_is_answered(client: TestClient) -> None:
    with client.websocket_connect("/desk/ws?reader=Ada") as websocket:
        assert websocket.receive_json() == {"welcome": "Ada"}
        for title, shelf in (("Emma", "A"), ("Ulysses", "J"), ("Faust", None)):
            websocket.send_json({"title": title})
            assert websocket.receive_json() == {"title": title, "shelf": shelf}


def test_who_gives_no_name_is_refused(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/desk/ws"):
        pass
    assert refused.value.code == 1008


# endregion
