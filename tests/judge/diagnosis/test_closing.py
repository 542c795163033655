"""Exceptions of a WebSocket's handler are told from those that look like them."""

import pytest

from checker.judge.diagnosis.closing import name_code, socket_meaning
from tests.judge.diagnosis.failures import frame, raised


@pytest.mark.parametrize(
    "source, says",
    [
        ("text = await socket.receive_text()", "this message was binary"),
        ("async for text in socket.iter_text():", "this message was binary"),
        ('title = message["text"]', "has no key"),
    ],
)
def test_a_message_of_the_other_kind_is_no_missing_key(source: str, says: str) -> None:
    meaning = socket_meaning(raised("KeyError", "'text'", frame("talk", 3, source)))
    assert meaning is not None
    assert says in meaning[0]


def test_an_argument_that_fastapi_could_not_fill_is_no_wrong_call() -> None:
    message = "get_language() missing 1 required positional argument: 'request'"
    unfilled = socket_meaning(raised("TypeError", message))
    called = socket_meaning(raised("TypeError", message, frame("talk", 3, "get_language()")))
    assert unfilled is not None
    assert called is not None
    assert "`HTTPConnection`" in unfilled[1]
    assert "HTTPConnection" not in called[1]


def test_codes_have_names() -> None:
    assert name_code(1008) == "1008, policy violation"
    assert name_code(4001) == "4001"
    assert name_code(None) == "an open socket"
