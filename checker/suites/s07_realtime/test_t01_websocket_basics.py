"""What 5.7.1 asks: the handshake as text, on a real connection, and a socket's life."""

import base64
import random
from urllib.parse import urlencode

import pytest

from checker.judge.api import Fake, Lab

WELCOME = "Welcome to the reading room."
SHELVES = {"Emma": "A3", "Middlemarch": "B1", "Ulysses": "C7"}
SAMPLE = ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")  # from RFC 6455
SWITCHED = "HTTP/1.1 101 Switching Protocols"


def some_key(rng: random.Random) -> str:
    """Make up a key as a client does: sixteen random bytes."""
    return base64.b64encode(rng.randbytes(16)).decode()


def answer_of(lab: Lab, path: str, key: str) -> str:
    """Ask the app for a WebSocket with bytes of our own, and give the head of its answer."""
    lines = [f"GET {path} HTTP/1.1", "Host: lab", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
    with lab.raw() as wire:
        wire.send("\r\n".join(lines).encode())
        return wire.recv_until().decode()


def headers_of(lines: list[str]) -> dict[str, str]:
    """Read header lines; names in lower case."""
    pairs = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}


def opens(lab: Lab, answer: str, key: str) -> bool:
    """Ask the learner's function whether an answer opens the socket."""
    verdict: bool = lab.call("handshake:is_opened", answer, key)
    return verdict


@pytest.mark.task("accept_key")
def test_accept_of_the_standard(lab: Lab) -> None:
    """`accept_key` gives for the example key of RFC 6455 what RFC 6455 says."""
    key, accept = SAMPLE
    assert lab.call("handshake:accept_key", key) == accept


@pytest.mark.task("accept_key")
def test_accept_of_a_server(lab: Lab, rng: random.Random) -> None:
    """`accept_key` gives for any key what the real server answers with."""
    key = some_key(rng)
    answer = headers_of(answer_of(lab, "/line", key).split("\r\n")[1:])
    assert lab.call("handshake:accept_key", key) == answer["sec-websocket-accept"]


def ask(lab: Lab, url: str, key: str) -> list[str]:
    """Get the lines of the learner's request; check that it is a complete head."""
    head: str = lab.call("handshake:opening_request", url, key)
    assert head.count("\n") == head.count("\r\n"), "Each line of a request ends with \\r\\n."
    assert head.endswith("\r\n\r\n"), (
        "The head of a request ends with an empty line: the last characters are \\r\\n\\r\\n."
    )
    return head.removesuffix("\r\n\r\n").split("\r\n")


@pytest.mark.task("ask_upgrade")
def test_request_line(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """The first line of `opening_request` has the path and the query of the address, no more."""
    query = urlencode({"reader": fake.name(), "page": rng.randrange(900)})
    target = f"/room/{fake.word()}?{query}"
    lines = ask(lab, f"ws://library.example{target}", some_key(rng))
    assert lines[0] == f"GET {target} HTTP/1.1", "The request line is not right."
    lines = ask(lab, "ws://library.example", some_key(rng))
    assert lines[0] == "GET / HTTP/1.1", "The request line of an address without a path."


@pytest.mark.task("ask_upgrade")
def test_request_headers(lab: Lab, rng: random.Random) -> None:
    """`opening_request` names the host with its port, and asks for version 13 with the key."""
    key, host = some_key(rng), f"library{rng.randrange(100)}.example:{rng.randrange(1024, 9999)}"
    headers = headers_of(ask(lab, f"ws://{host}/room", key)[1:])
    wanted = {"Host": host, "Upgrade": "websocket", "Connection": "Upgrade"}
    wanted |= {"Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}
    for name, value in wanted.items():
        assert headers.get(name.lower()) == value, f"The header {name} of the request is not right."


@pytest.mark.task("ask_upgrade")
def test_request_is_answered_with_101(lab: Lab, rng: random.Random) -> None:
    """Sent to the real server, the text of `opening_request` is answered with 101."""
    lines = ask(lab, "ws://127.0.0.1:8000/line", some_key(rng))
    with lab.raw() as wire:
        wire.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = wire.recv_until(b"\r\n").decode().strip()
    assert status == SWITCHED


@pytest.mark.task("check_answer")
def test_real_answer_opens(lab: Lab, rng: random.Random) -> None:
    """`is_opened` takes the real server's 101, however its header names are written."""
    key = some_key(rng)
    answer = answer_of(lab, "/line", key)
    assert opens(lab, answer, key) is True, "This is the server's own answer to this key."
    names = {"upgrade": "UPGRADE", "connection": "CONNECTION", "accept": "ACCEPT"}
    for name in names:
        answer = answer.replace(name.capitalize() + ":", names[name] + ":")
    assert opens(lab, answer, key) is True, "Header names count without their capitals."


@pytest.mark.task("check_answer")
def test_other_statuses_do_not_open(lab: Lab, rng: random.Random) -> None:
    """`is_opened` refuses an answer whose status is not 101, whatever else stands in it."""
    key = some_key(rng)
    assert opens(lab, answer_of(lab, "/nowhere", key), key) is False
    answer = answer_of(lab, "/line", key)
    for status in ("HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden", "HTTP/1.1 400 101"):
        changed = answer.replace(SWITCHED, status)
        assert opens(lab, changed, key) is False, f"The status line was {status!r}."


@pytest.mark.task("check_answer")
def test_answer_to_another_does_not_open(lab: Lab, rng: random.Random) -> None:
    """`is_opened` refuses a 101 that lacks a header, or was computed from another key."""
    key, other = some_key(rng), some_key(rng)
    answer = answer_of(lab, "/line", key)
    assert opens(lab, answer, other) is False, "The Sec-WebSocket-Accept belonged to another key."
    for name in ("Upgrade:", "Connection:", "Sec-WebSocket-Accept:"):
        without = "\r\n".join(line for line in answer.split("\r\n") if not line.startswith(name))
        assert opens(lab, without, key) is False, f"The answer had no header {name[:-1]}."


@pytest.mark.task("socket_url")
def test_socket_of_a_plain_page(lab: Lab, fake: Fake, rng: random.Random) -> None:
    """A page that came by http is served by a ws:// address on the same host and port."""
    host = f"{fake.word()}.example:{rng.randrange(1024, 9999)}"
    page = f"http://{host}/books/{rng.randrange(99)}?from=shelf#notes"
    assert lab.call("handshake:socket_url", page, "/room") == f"ws://{host}/room"


@pytest.mark.task("socket_url")
def test_socket_of_a_secure_page(lab: Lab, fake: Fake) -> None:
    """A page that came by https is served by a wss:// address."""
    host = f"{fake.word()}.example"
    assert lab.call("handshake:socket_url", f"https://{host}", "/room") == f"wss://{host}/room"


@pytest.mark.task("refuse")
def test_closed_room_opens_no_line(lab: Lab) -> None:
    """While the room is closed, the handshake for /room is answered with 403."""
    assert lab.put("/hours", json={"open": False}).status_code == 200
    try:
        response = lab.handshake("/room")
    finally:
        lab.put("/hours", json={"open": True})
    assert response.status_code == 403


@pytest.mark.task("refuse")
def test_open_room_lets_readers_in(lab: Lab) -> None:
    """While the room is open, the handshake for /room is answered with 101."""
    response = lab.handshake("/room")
    assert response.status_code == 101


@pytest.mark.task("hold_line")
def test_titles_are_answered(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """A reader is welcomed, and each title is answered with its shelf, or with "not here"."""
    titles = rng.choices([*SHELVES, fake.title()], k=4)
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        for title in titles:
            socket.send(title)
            assert socket.recv() == SHELVES.get(title, "not here")


@pytest.mark.task("hold_line")
def test_goodbye_closes_the_line(lab: Lab) -> None:
    """After "goodbye" the app closes the line with 1000 and the reason "Come again."."""
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        socket.send("Emma")
        socket.send("goodbye")
        assert socket.recv() == "A3"
        assert socket.wait_closed() == 1000
        assert socket.close_reason == "Come again."


@pytest.mark.task("hold_line")
def test_long_title_closes_the_line(lab: Lab, rng: random.Random) -> None:
    """A title of 60 characters is answered; one that is longer closes the line with 1009."""
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        socket.send("x" * 60)
        assert socket.recv() == "not here"
        socket.send("x" * rng.randrange(61, 90))
        assert socket.wait_closed() == 1009
        assert socket.close_reason == "That is no title."


@pytest.mark.task("note_ending")
def test_code_and_reason_of_a_reader_are_noted(lab: Lab, rng: random.Random, fake: Fake) -> None:
    """The journal holds the code and the reason with which a reader has left."""
    code, reason = rng.choice([1000, 1001, rng.randrange(4000, 5000)]), fake.sentence()
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        socket.close(code, reason)
        socket.wait_handled()
    journal = lab.get("/journal").json()
    assert journal[-1] == {"code": code, "reason": reason}


@pytest.mark.task("note_ending")
def test_reader_who_vanishes_is_noted(lab: Lab) -> None:
    """A connection that ends without a close frame is in the journal as 1005, without a reason."""
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        socket.abort()
        socket.wait_handled()
    journal = lab.get("/journal").json()
    assert journal[-1] == {"code": 1005, "reason": ""}


@pytest.mark.task("note_ending")
def test_no_exception_escapes(lab: Lab) -> None:
    """When a reader leaves, no exception escapes from the app."""
    seen = len(lab.exceptions)
    with lab.websocket("/room") as socket:
        assert socket.recv() == WELCOME
        socket.close(1001)
        socket.wait_handled()
    escaped = [one["type"] for one in lab.exceptions[seen:]]
    assert escaped == [], "An exception escaped from the app when the reader left."
