"""A request as a command for the shell."""

import shlex

import pytest

from checker.judge.curl import curl
from checker.judge.evidence import Exchange

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "method, headers, body, command",
    [
        ("GET", {}, b"", "curl http://127.0.0.1:8000/books"),
        ("DELETE", {}, b"", "curl -X DELETE http://127.0.0.1:8000/books"),
        ("HEAD", {}, b"", "curl --head http://127.0.0.1:8000/books"),
        ("POST", {}, b"", "curl -X POST http://127.0.0.1:8000/books"),
        ("POST", JSON, b'{"a":1}', "curl http://127.0.0.1:8000/books --json '{\"a\": 1}'"),
        ("PUT", JSON, b"{bad", "curl -X PUT http://127.0.0.1:8000/books --json '{bad'"),
        ("POST", FORM, b"a=1", "curl http://127.0.0.1:8000/books --data-raw a=1"),
        (
            "GET",
            {"Authorization": "Bearer x", "host": "test", "accept": "*/*", "user-agent": "t"},
            b"",
            "curl http://127.0.0.1:8000/books -H 'authorization: Bearer x'",
        ),
        ("POST", {}, b"\x00\x01", "curl http://127.0.0.1:8000/books --data-binary @body"),
        ("WEBSOCKET", {}, b"", "python -m websockets ws://127.0.0.1:8000/books"),
    ],
)
def test_a_request_becomes_a_command(
    method: str, headers: dict[str, str], body: bytes, command: str
) -> None:
    assert curl(Exchange(1, method, "/books", headers, body)) == command


def test_quotes_and_dollars_survive_the_shell() -> None:
    body = b'{"title": "It\'s $HOME `id`"}'
    words = shlex.split(curl(Exchange(1, "POST", "/books?q=a&b=c", JSON, body)))
    assert words[1] == "http://127.0.0.1:8000/books?q=a&b=c"
    assert words[-1] == body.decode()


def test_a_key_that_is_sent_twice_stays() -> None:
    words = shlex.split(curl(Exchange(1, "POST", "/", JSON, b'{"a":1,"a":2}')))
    assert words[-1] == '{"a":1,"a":2}'


def test_what_is_no_request_is_written_as_it_was_called() -> None:
    said = b'{"args": ["Emma", null], "kwargs": {"limit": 2}}'
    call = 'app:find("Emma", None, limit=2)'
    assert curl(Exchange(1, "CALL", "app:find", {}, said)) == call
    assert curl(Exchange(1, "RUN", "fastapi --version", {})) == "fastapi --version"


def test_a_socket_with_headers_is_asked_for_by_hand() -> None:
    words = shlex.split(curl(Exchange(1, "WEBSOCKET", "/chat", {"Origin": "https://evil.example"})))
    assert words[:4] == ["curl", "--include", "--no-buffer", "http://127.0.0.1:8000/chat"]
    assert words[-1] == "origin: https://evil.example"
    assert "Upgrade: websocket" in words
