"""The judge's own transport against a server whose every byte the test decides."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from checker.judge.transport import LabTransport

Serve = Callable[[socket.socket], None]
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[[Serve], Ask]]:
    """Give what starts a server and then what sends it one request."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "lab.sock"))
    listener.listen()
    transport = LabTransport({"uds": str(tmp_path / "lab.sock")})

    def start(serve: Serve) -> Ask:
        def work() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        threading.Thread(target=work, daemon=True).start()
        return send

    def send(method: str = "GET", timeout: float = 2.0, **options: object) -> httpx.Response:
        extensions = {"timeout": httpx.Timeout(timeout).as_dict()}
        url = "http://127.0.0.1:8000/books?year=1979"
        request = httpx.Request(method, url, extensions=extensions, **options)  # type: ignore[arg-type]
        response = transport.handle_request(request)
        response.read()
        return response

    yield start
    transport.close()
    listener.close()


def answering(data: bytes) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(data)

    return serve


def test_status_reason_headers_and_body_arrive(ask: Callable[[Serve], Ask]) -> None:
    response = ask(
        answering(b"HTTP/1.1 418 A teapot\r\nX-Seen: 1\r\ncontent-length: 2\r\n\r\nhi")
    )()
    assert (response.status_code, response.reason_phrase, response.text) == (418, "A teapot", "hi")
    assert response.headers["x-seen"] == "1"


def test_chunks_are_joined(ask: Callable[[Serve], Ask]) -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    assert ask(answering(head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))().text == "abc"


def test_body_may_end_with_the_connection(ask: Callable[[Serve], Ask]) -> None:
    assert ask(answering(b"HTTP/1.1 200 OK\r\n\r\nabc"))().text == "abc"


def test_early_hints_are_passed_over(ask: Callable[[Serve], Ask]) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
    response = ask(answering(hints + b"HTTP/1.1 204 No Content\r\nx-a: b\r\n\r\n"))()
    assert (response.status_code, response.content) == (204, b"")
    assert "link" not in response.headers


def test_head_has_no_body(ask: Callable[[Serve], Ask]) -> None:
    response = ask(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"))("HEAD")
    assert (response.headers["content-length"], response.content) == ("9", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
        b"SSH-2.0-lab\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_an_error(ask: Callable[[Serve], Ask], data: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask(answering(data))()


def test_silence_is_a_timeout(ask: Callable[[Serve], Ask]) -> None:
    with pytest.raises(httpx.ReadTimeout):
        ask(lambda _: time.sleep(1))(timeout=0.05)


def test_nobody_there_is_a_connect_error(tmp_path: Path) -> None:
    transport = LabTransport({"uds": str(tmp_path / "none.sock")})
    request = httpx.Request("GET", "http://127.0.0.1/", extensions={"timeout": {"connect": 1.0}})
    request.extensions["timeout"] |= {"read": 1.0, "write": 1.0}
    with pytest.raises(httpx.ConnectError):
        transport.handle_request(request)


def test_request_is_written_as_http(ask: Callable[[Serve], Ask]) -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    ask(serve)("POST", json={"title": "Kindred"})
    head, _, body = seen[0].partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    assert first == b"POST /books?year=1979 HTTP/1.1"
    assert {b"Host: 127.0.0.1:8000", b"Content-Type: application/json"} <= set(headers)
    assert body == b'{"title":"Kindred"}'


def test_body_of_unknown_length_is_sent_as_it_comes(ask: Callable[[Serve], Ask]) -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while not seen or not seen[-1].endswith(b"0\r\n\r\n"):
            seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    def pieces() -> Iterator[bytes]:
        yield b"Kin"
        while len(seen) < 1:  # the first piece arrives before the second is made
            time.sleep(0.001)
        yield b"dred"

    assert ask(serve)("POST", content=pieces()).status_code == 204
    assert b"".join(seen).endswith(b"3\r\nKin\r\n4\r\ndred\r\n0\r\n\r\n")


def test_answer_before_the_whole_body_was_read_counts(ask: Callable[[Serve], Ask]) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_RD)
        time.sleep(0.2)

    assert ask(serve)("POST", content=b"x" * 5_000_000).status_code == 413
