"""WebSockets, one and many, and plain connections, against a real host."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog.model import LabSpec, Lesson, Limits
from checker.files import read_tree
from checker.judge.evidence import (
    ConnectionLost,
    HandshakeRefused,
    NotJsonMessage,
    PieceKind,
    RequestTimeout,
    SocketClosed,
)
from checker.judge.lab import Lab
from checker.judge.probe import LaunchProbe
from checker.judge.session import Session
from checker.sandbox import HostProcess, start_host

APP = """
import asyncio, os
from typing import Annotated
from fastapi import FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect

app = FastAPI()
here = []
left = []

@app.get("/here")
def who_is_here():
    return {"here": len(here), "left": left}

@app.websocket("/echo")
async def echo(socket: WebSocket):
    await socket.accept(headers=[(b"x-desk", b"north")])
    here.append(socket)
    try:
        while True:
            await socket.send_text("you said " + await socket.receive_text())
    except WebSocketDisconnect as error:
        left.append(error.code)
    finally:
        here.remove(socket)

@app.websocket("/once")
async def once(socket: WebSocket):
    await socket.accept(subprotocol="loans" if "loans" in socket.scope["subprotocols"] else None)
    token, q = socket.headers.get("x-token"), socket.query_params.get("q")
    await socket.send_json({"token": token, "q": q})
    await socket.send_bytes(bytes([0, 1]))
    await socket.close(4001, "the shelf is empty")

@app.websocket("/silent")
async def silent(socket: WebSocket):
    await socket.accept()
    await keep_silent()

async def keep_silent():
    await asyncio.sleep(60)

@app.websocket("/failing")
async def failing(socket: WebSocket):
    await socket.accept()
    raise LookupError("no such shelf")

@app.websocket("/returning")
async def returning(socket: WebSocket):
    await socket.accept()

@app.websocket("/closed/{number}")
async def closed(socket: WebSocket, number: int):
    await socket.close(4003, "not today")

@app.websocket("/denied")
async def denied(socket: WebSocket):
    raise HTTPException(401, "who are you?")

@app.websocket("/exit")
async def leave(socket: WebSocket):
    await socket.accept()
    os._exit(7)

@app.websocket("/flood")
async def flood(socket: WebSocket):
    await socket.accept()
    try:
        for number in range(2000):
            await socket.send_text(f"{number} " + "x" * 10_000)
            left.append(number)
    except WebSocketDisconnect:
        pass
"""
UPGRADE = (
    b"GET /once HTTP/1.1\r\nHost: lab\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: %d\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture(scope="module")
def host() -> Iterator[HostProcess]:
    """Hold one host for all tests of this module."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name, start_host(Path(name)) as one:
        one.wait_ready()
        yield one


@pytest.fixture
def session(host: HostProcess, tmp_path: Path) -> Iterator[Session]:
    """Make a session over the app above, with short limits."""
    (tmp_path / "app.py").write_text(APP)
    lesson = Lesson(
        tasks=(), headings={}, lab=LabSpec(), limits=Limits(request=2.0, startup=4.0), body=""
    )
    staging = host.run_dir / "labs" / tmp_path.name
    one = Session(host.address, host.token, staging, read_tree(tmp_path), lesson)
    yield one
    one.close()


@pytest.fixture
def lab(session: Session) -> Iterator[Lab]:
    """Start the app."""
    one = Lab(session, session.launch())
    yield one
    one.close()


def test_frames_are_kept_in_order_with_their_direction(lab: Lab) -> None:
    with lab.websocket("/echo") as socket:
        socket.send("hello")
        assert socket.recv() == "you said hello"
        assert socket.headers["x-desk"] == "north"
    pieces = socket.exchange.frames
    assert [(one.sent, one.kind, one.text) for one in pieces] == [
        (True, PieceKind.TEXT, "hello"),
        (False, PieceKind.TEXT, "you said hello"),
        (True, PieceKind.CLOSE, "1000"),
        (False, PieceKind.CLOSE, "1000"),
    ]
    assert [one.seconds for one in pieces] == sorted(one.seconds for one in pieces)
    assert socket.close_code is None


def test_what_was_not_received_is_kept_too(lab: Lab) -> None:
    with lab.websocket("/once", params={"q": "a b"}, headers={"x-token": "t"}) as socket:
        assert socket.wait_closed() == 4001
        assert socket.close_reason == "the shelf is empty"
    kinds = [one.kind for one in socket.exchange.frames]
    assert kinds == [PieceKind.TEXT, PieceKind.BINARY, PieceKind.CLOSE]
    assert json.loads(socket.exchange.frames[0].text) == {"token": "t", "q": "a b"}
    assert socket.exchange.frames[1].text == r"b'\x00\x01'"


def test_messages_are_read_as_json(lab: Lab) -> None:
    with lab.websocket("/once", subprotocols=["mail", "loans"]) as socket:
        assert socket.subprotocol == "loans"
        assert socket.recv_json() == {"token": None, "q": None}
        with pytest.raises(NotJsonMessage):
            socket.recv_json()
        with pytest.raises(SocketClosed) as closed:
            socket.recv()
        assert (closed.value.code, closed.value.reason) == (4001, "the shelf is empty")


def test_a_message_that_does_not_come_is_a_timeout_of_the_lab(lab: Lab) -> None:
    with lab.websocket("/silent") as socket, pytest.raises(RequestTimeout) as timeout:
        socket.recv(timeout=0.1)
    assert timeout.value.wanted == "message"
    assert [one["function"] for one in timeout.value.waiting] == ["silent", "keep_silent"]
    with pytest.raises(RequestTimeout), lab.websocket("/silent") as socket:
        socket.recv(timeout=0.1)
    assert not lab.healthy


@pytest.mark.parametrize("path", ["/failing", "/returning"])
def test_an_end_without_a_close_frame_is_1006(lab: Lab, path: str) -> None:
    with lab.websocket(path) as socket:
        assert socket.wait_closed() == 1006
        with pytest.raises(SocketClosed):
            socket.send("still there?")
    assert PieceKind.LOST in [one.kind for one in socket.exchange.frames]


@pytest.mark.parametrize(
    "path, status", [("/closed/1", 403), ("/closed/x", 403), ("/nowhere", 403), ("/denied", 401)]
)
def test_a_refused_handshake_is_told_with_its_status(lab: Lab, path: str, status: int) -> None:
    with pytest.raises(HandshakeRefused) as refused, lab.websocket(path):
        pass
    assert refused.value.status == status
    assert lab.handshake(path).status_code == status


def test_a_handshake_alone_is_an_answer(lab: Lab) -> None:
    assert lab.handshake("/echo").status_code == 101
    assert lab.handshake("/echo").headers["x-desk"] == "north"
    assert lab.handshake("/denied").json() == {"detail": "who are you?"}


def test_the_host_tells_how_the_app_closed(lab: Lab, session: Session) -> None:
    probe = LaunchProbe(session.conversation, lab.launched)
    for path, closing in (
        ("/closed/1", {"code": 4003, "reason": "not today", "accepted": False}),
        ("/once", {"code": 4001, "reason": "the shelf is empty", "accepted": True}),
    ):
        lab.handshake(path)
        facts = probe.request_facts(session.conversation.exchanges[-1])
        assert facts is not None
        assert facts.get("closing") == closing


def test_a_process_that_ends_is_noticed_with_its_code(lab: Lab) -> None:
    with pytest.raises(ConnectionLost) as lost, lab.websocket("/exit") as socket:
        socket.recv()
    assert lost.value.ended is not None
    assert lost.value.ended.code == 7


def test_many_sockets_at_once(lab: Lab) -> None:
    with lab.sockets(300, "/echo") as sockets:
        assert lab.get("/here").json()["here"] == 300
        for number, socket in enumerate(sockets):
            socket.send(str(number))
        said = [socket.recv() for socket in sockets]
    assert said == [f"you said {number}" for number in range(300)]
    for socket in sockets:
        socket.wait_handled()
    assert lab.get("/here").json() == {"here": 0, "left": [1000] * 300}


def test_one_of_many_that_is_refused_ends_them_all(lab: Lab) -> None:
    with pytest.raises(HandshakeRefused), lab.sockets(["/echo", "/closed/1"]):
        pass
    assert lab.until(lambda: lab.get("/here").json()["here"], 0) == 0


def test_a_client_can_vanish(lab: Lab) -> None:
    with lab.websocket("/echo") as socket:
        socket.abort()
        socket.wait_handled()
    assert lab.get("/here").json() == {"here": 0, "left": [1005]}


def test_a_client_that_does_not_read_holds_its_sender_up(lab: Lab) -> None:
    with lab.websocket("/flood") as socket:
        assert socket.recv() is not None
        socket.freeze()
        with pytest.raises(RequestTimeout):
            socket.wait_handled(timeout=0.3)
        assert lab.get("/here").json()["left"][-1] < 1999
        socket.abort()
        socket.wait_handled()


def test_the_handshake_can_be_spoken_by_hand(lab: Lab) -> None:
    with lab.raw() as wire:
        wire.send(UPGRADE % 13)
        head = wire.recv_until().decode()
        assert head.startswith("HTTP/1.1 101 Switching Protocols\r\n")
        assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
        first, length = wire.recv(2)
        assert (first, json.loads(wire.recv(length))) == (0x81, {"token": None, "q": None})
    with lab.raw() as wire:
        wire.send(UPGRADE % 8)
        assert wire.recv_until().startswith(b"HTTP/1.1 400 Bad Request\r\n")
        with pytest.raises(ConnectionLost):
            wire.recv(100_000)
