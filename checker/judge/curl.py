"""Write a request as a curl command that can be pasted into a shell while the lab is served."""

import json
import shlex
from collections.abc import Mapping

from checker.judge.evidence import Exchange

BASE = "http://127.0.0.1:8000"
LONGEST_BODY = 4_000
LONGEST_ARGUMENT = 300
UNIMPORTANT = frozenset(
    {"host", "accept-encoding", "connection", "user-agent", "content-length", "transfer-encoding"}
    | {"x-checker-request", "sec-websocket-key", "sec-websocket-version"}
    | {"sec-websocket-extensions", "upgrade"}
)
WEBSOCKET = "WEBSOCKET"
NO_REQUEST = {"RUN": "{}", "RAW": "a plain connection to 127.0.0.1, port 8000"}
UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def curl(exchange: Exchange, base: str = BASE) -> str:
    """Give the curl command that repeats an exchange, with the headers that matter.

    A JSON body goes with `--json` (curl 7.82 or newer), which also sets the method and the content
    type. A body that is not text, or longer than 4,000 characters, is named as the file `@body`.
    What is no request, a called function or a command, is written as it was called. A WebSocket is
    opened by the command line of `websockets`; with headers, which that one cannot send, by curl,
    which shows the answer to the handshake.
    """
    if exchange.method == "CALL":
        return _call(exchange)
    if exchange.method in NO_REQUEST:
        return NO_REQUEST[exchange.method].format(exchange.path)
    if exchange.method == WEBSOCKET:
        return _websocket(exchange, base)
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    body = _body_arguments(exchange.request_body, headers.get("content-type", ""))
    words = ["curl", *_method_arguments(exchange.method, body), base + exchange.path]
    words += _header_arguments(headers, body)
    words += body
    return " ".join(shlex.quote(word) for word in words)


def _call(exchange: Exchange) -> str:
    """Write a call as Python does: `app:find("Emma", limit=2)`."""
    said = json.loads(exchange.request_body or b"{}")
    words = [_argument(value) for value in said.get("args", [])]
    words += [f"{name}={_argument(value)}" for name, value in said.get("kwargs", {}).items()]
    return f"{exchange.path}({', '.join(words)})"


def _argument(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_ARGUMENT else text[: LONGEST_ARGUMENT - 1] + "…"


def _websocket(exchange: Exchange, base: str) -> str:
    headers = {name.lower(): value for name, value in exchange.request_headers.items()}
    extra = _header_arguments(headers, [])
    if not extra:
        address = base.replace("http", "ws", 1) + exchange.path
        return f"python -m websockets {shlex.quote(address)}"
    words = ["curl", "--include", "--no-buffer", base + exchange.path]
    words += [word for header in UPGRADE for word in ("-H", header)]
    return " ".join(shlex.quote(word) for word in [*words, *extra])


def _method_arguments(method: str, body: list[str]) -> list[str]:
    if method == "HEAD":
        return ["--head"]
    implied = "POST" if body else "GET"
    return [] if method == implied else ["-X", method]


def _body_arguments(body: bytes, content_type: str) -> list[str]:
    if not body:
        return []
    text = _text(body)
    if text is None or len(text) > LONGEST_BODY:
        return ["--data-binary", "@body"]
    if content_type.partition(";")[0].strip() == "application/json":
        return ["--json", _compact_json(text)]
    return ["--data-raw", text]


def _text(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if all(char.isprintable() or char in "\r\n\t" for char in text) else None


def _compact_json(text: str) -> str:
    """Space a JSON text for reading; one that repeats a key or is not JSON stays as it was sent."""
    try:
        return json.dumps(json.loads(text, object_pairs_hook=_unique_pairs), ensure_ascii=False)
    except ValueError:
        return text


def _unique_pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise ValueError("a key occurs twice")
    return keys


def _header_arguments(headers: Mapping[str, str], body: list[str]) -> list[str]:
    arguments: list[str] = []
    for name, value in headers.items():
        if name in UNIMPORTANT or (name, value) == ("accept", "*/*"):
            continue
        if name == "content-type" and _is_implied(value, body):
            continue
        arguments += ["-H", f"{name}: {value}"]
    return arguments


def _is_implied(content_type: str, body: list[str]) -> bool:
    """Tell whether curl sets this content type itself."""
    if body[:1] == ["--json"]:
        return True
    return body[:1] == ["--data-raw"] and content_type == "application/x-www-form-urlencoded"
