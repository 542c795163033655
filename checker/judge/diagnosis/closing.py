"""What ended a WebSocket: close codes by name, and exceptions that are a socket's own."""

from checker.host.facts import Raised
from checker.judge.diagnosis.exceptions import Meaning, meaning_in, meaning_of

NAMES = {
    1000: "normal closure",
    1001: "going away",
    1002: "protocol error",
    1003: "unsupported data",
    1005: "a close frame without a code",
    1006: "no close frame",
    1007: "invalid data",
    1008: "policy violation",
    1009: "message too big",
    1011: "internal error",
    1012: "service restart",
    1013: "try again later",
}
LOST = 1006
CUT = "The server then cuts the connection without a close frame, which a client sees as 1006."
RETURNED = (
    "The handler came to its end without closing the socket. " + CUT,
    "Close the socket when the conversation is over: `await websocket.close()`.",
)

MEANINGS = (
    Meaning(
        ("KeyError",),
        r"'text'",
        "`receive_text`, `receive_json` and `iter_text` take text; this message was binary.",
        "Take it with `receive_bytes`, or answer the `KeyError` as the task asks.",
    ),
    Meaning(
        ("KeyError",),
        r"'bytes'",
        "`receive_bytes` and `iter_bytes` take binary messages; this one was text.",
        "Take it with `receive_text`.",
    ),
    Meaning(
        ("JSONDecodeError",),
        r"",
        "The message is not JSON, and nothing around the line that reads it caught the exception.",
        (
            "Read each message inside a `try` of its own, within the loop, so that the next one "
            "is still read; `iter_json` ends at the first that is not JSON."
        ),
    ),
    Meaning(
        ("ValidationError",),
        r"",
        "FastAPI validates no messages: the model was built here, and its exception not caught.",
        "Catch the `ValidationError` inside the loop, so that the next message is still read.",
    ),
    Meaning(
        ("WebSocketDisconnect",),
        r"",
        "Each `receive_...` and `send_...` raises `WebSocketDisconnect` when the client has left.",
        "Catch `WebSocketDisconnect` around the loop.",
    ),
    Meaning(
        ("WebSocketDisconnected", "RuntimeError"),
        r'call "accept" first|Expected ASGI message "websocket.accept"',
        "A socket that is not accepted yet can be closed, but not used.",
        "Put `await websocket.accept()` before it.",
    ),
    Meaning(
        ("RuntimeError",),
        r"but got 'websocket.http.response.start'",
        "An `HTTPException` is an HTTP answer, and after `accept` there is none any more.",
        "Raise it before `accept`; after, close with a code or raise `WebSocketException`.",
    ),
    Meaning(
        ("WebSocketDisconnected",),
        r"once a (?:close|disconnect) message",
        "The socket is closed already, by the client or by the app, and was used again.",
        "Leave the loop when the socket is closed.",
    ),
)
# Raised by FastAPI's own call of a dependency, when no line of the learner's had a part in it.
UNFILLED = Meaning(
    ("TypeError",),
    r"missing \d+ required (?:positional|keyword-only) argument.*'(\w+)'",
    (
        "FastAPI gave no value for `{0}`: a WebSocket has no `Request`, and a function that "
        "serves both takes an `HTTPConnection`."
    ),
    "Give `{0}` the type `HTTPConnection`, from `fastapi.requests`.",
)


def socket_meaning(raised: Raised) -> tuple[str, str] | None:
    """Explain an exception that escaped from a WebSocket's handler, if it is known."""
    if not raised["frames"] and (found := meaning_in((UNFILLED,), raised)) is not None:
        return found
    source = raised["frames"][-1]["source"] if raised["frames"] else ""
    reads = "receive" in source or "iter_" in source
    return meaning_in(MEANINGS if reads else MEANINGS[2:], raised) or meaning_of(raised)


def name_code(code: object) -> str:
    """Give a close code with its name: `1008, policy violation`."""
    if code is None:
        return "an open socket"
    name = NAMES.get(code) if isinstance(code, int) else None
    return f"{code}, {name}" if name else str(code)
