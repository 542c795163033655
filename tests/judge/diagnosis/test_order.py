"""Causes come before effects, and nothing that a lab sends can hide a failure."""

import json

import pytest

from checker.host.facts import Stall
from checker.judge.diagnosis import diagnose
from checker.report import Kind
from tests.judge.diagnosis.failures import (
    CHECK,
    FakeProbe,
    exchange,
    facts_of,
    failure,
    frame,
    raised,
    route,
)


def test_the_status_comes_before_a_key_that_is_missing() -> None:
    asked = exchange("GET", "/book", 404, {"detail": "Not Found"})
    card = diagnose(failure(asked, error=KeyError("title")))
    assert card.kind is Kind.NOT_FOUND
    assert card.headline == "No route of the app has the path /book."


def test_the_status_comes_before_the_body_when_it_was_not_asserted() -> None:
    asked = exchange("GET", "/books", 500, b"Internal Server Error")
    error = json.JSONDecodeError("Expecting value", "Internal Server Error", 0)
    probe = FakeProbe(facts=facts_of(asked, "/books", raised("KeyError", "'id'", frame("find", 7))))
    card = diagnose(failure(asked, error=error, probe=probe))
    assert card.kind is Kind.SERVER_ERROR
    assert str(card.where) == "app.py:7"


def test_a_wanted_status_leaves_the_body_to_the_card() -> None:
    asked = exchange("POST", "/books", 422, {"detail": "no"})
    card = diagnose(failure(asked, compared=({"detail": "no"}, "==", {"detail": "too long"})))
    assert card.kind is Kind.BODY


def test_a_stall_explains_a_time_that_is_too_long() -> None:
    stall: Stall = {
        "milliseconds": 812.4,
        "frames": [frame("wait", 12, "time.sleep(0.8)")],
        "inside": "time.sleep",
        "request": "1",
    }
    asked = exchange("GET", "/slow", 200, {})
    card = diagnose(failure(asked, compared=(0.84, "<", 0.3), probe=FakeProbe(all_stalls=[stall])))
    assert card.kind is Kind.BLOCKING
    assert "812 ms" in card.headline
    assert (card.expected, card.got) == ("less than 0.30 s", "0.84 s")


def test_a_short_stall_explains_nothing() -> None:
    stall: Stall = {"milliseconds": 30, "frames": [], "inside": "", "request": "1"}
    asked = exchange("GET", "/slow", 200, {})
    card = diagnose(failure(asked, compared=(0.84, "<", 0.3), probe=FakeProbe(all_stalls=[stall])))
    assert card.kind is not Kind.BLOCKING


def test_the_suites_own_sentence_is_the_headline() -> None:
    asked = exchange("GET", "/books", 200, [])
    card = diagnose(failure(asked, message="Two requests got the same number"))
    assert card.headline == "Two requests got the same number."


def test_without_any_word_the_title_is_the_headline() -> None:
    assert diagnose(failure()).headline == CHECK.title


class Hostile:
    """Raise in every way in which a value can be looked at."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparison")

    __hash__ = None  # type: ignore[assignment]


def test_a_value_that_cannot_be_shown_does_not_hide_the_failure() -> None:
    card = diagnose(failure(compared=(Hostile(), "==", [Hostile()])))
    assert card.headline == CHECK.title
    assert card.got == "<Hostile whose repr raised RuntimeError>"


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]0;owned\x07", "\u202e.txt", "a\x00b\r\nc"])
def test_nothing_reaches_the_terminal_that_could_act_on_it(text: str) -> None:
    asked = exchange("GET", "/books", 200, {"title": text})
    probe = FakeProbe(facts=facts_of(asked, "/books", name=f"f{text}"))
    card = diagnose(
        failure(asked, compared=({"title": text}, "==", {"title": "Emma"}), probe=probe)
    )
    everything = card.model_dump_json(ensure_ascii=False)
    for char in "\x1b\x07\x00\u202e\r":
        assert char not in everything.replace("\\r", "")


def test_bytes_that_are_not_text_are_shown() -> None:
    card = diagnose(failure(exchange("GET", "/books", 404, b"\xff\xfe"), compared=(404, "==", 200)))
    assert card.request is not None
    assert card.request.response_body == r"\xff\xfe"


def test_lone_surrogates_are_shown() -> None:
    asked = exchange("GET", "/books", 200, {"title": "\ud800"})
    card = diagnose(failure(asked, compared=({"title": "\ud800"}, "==", {"title": "Emma"})))
    assert card.got == r'body["title"] = "\ud800"'


def test_what_the_failure_redacts_is_not_in_the_card() -> None:
    asked = exchange("GET", "/books", 200, {"path": "/tmp/x1"})
    card = diagnose(
        failure(
            asked,
            compared=({"path": "/tmp/x1"}, "==", {"path": "/"}),
            redact=lambda text: text.replace("/tmp/x1", "LAB"),
        )
    )
    assert "/tmp/x1" not in card.model_dump_json()


def test_a_host_that_is_gone_leaves_a_card() -> None:
    asked = exchange("GET", "/books", 404, {"detail": "Not Found"})
    card = diagnose(failure(asked, compared=(404, "==", 200)))
    assert card.kind is Kind.NOT_FOUND
    assert card.where is None


def test_several_statuses_at_once_point_at_the_wrong_one() -> None:
    good, bad = exchange("GET", "/a", 200, {}), exchange("GET", "/b", 405, {})
    bad.number = 2
    probe = FakeProbe(all_routes=[route("POST", "/b", "write_b")])
    card = diagnose(failure(good, bad, compared=([200, 405], "==", [200, 200]), probe=probe))
    assert card.kind is Kind.METHOD_NOT_ALLOWED
    assert card.request is not None
    assert card.request.path == "/b"
