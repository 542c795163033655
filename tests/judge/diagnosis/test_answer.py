"""Bodies, headers and values: what is shown of a difference."""

from dataclasses import replace

import pytest

from checker.judge.diagnosis import diagnose
from checker.judge.diagnosis.places import locate
from checker.judge.evidence import Region
from checker.report import Kind
from tests.judge.diagnosis.failures import FakeProbe, exchange, facts_of, failure, raised


def test_a_value_taken_out_of_the_body_is_found_there() -> None:
    body = {"members": [{"id": 1}, {"id": 2, "password": "x"}]}
    asked = exchange("GET", "/club", 200, body)
    taken, wanted = [{"id": 2, "password": "x"}], [{"id": 2}]
    card = diagnose(failure(asked, compared=(taken, "==", wanted)))
    assert card.got == 'body["members"][1]["password"] = "x"'


def test_what_is_nowhere_in_the_body_has_no_place() -> None:
    assert locate({"a": 1}, {"b": 2}, ("b",)) is None
    assert locate({"a": []}, [], ()) is None


def test_long_lists_are_told_apart_by_the_entry_that_is_missing() -> None:
    books = [{"id": number, "title": f"The book with the number {number}"} for number in range(9)]
    asked = exchange("GET", "/books", 200, books[:-1])
    card = diagnose(failure(asked, compared=(books[:-1], "==", books)))
    assert card.headline == "The answer to GET /books has 8 entries instead of 9."
    assert card.expected is not None
    assert "number 8" in card.expected
    assert card.got == "body has 8 entries"


def test_short_values_without_a_name_are_shown_whole() -> None:
    card = diagnose(
        failure(compared=(["open"], "==", ["open", "close"]), message="It was not closed.")
    )
    assert (card.expected, card.got) == ('["open", "close"]', '["open"]')


def test_a_key_too_many_from_a_given_route_is_not_blamed_on_its_return_type() -> None:
    asked = exchange("GET", "/seats", 200, {"Ada": 1})
    probe = FakeProbe(facts=facts_of(asked, "/seats"))
    one = failure(asked, compared=({"Ada": 1}, "==", {}), probe=probe)
    given = replace(one, regions=(Region("leave", 20, "app.py", 24, "# region leave: free it."),))
    assert diagnose(one).why != ()
    assert diagnose(given).why == ()
    assert diagnose(given).expected == "body has no keys"


def test_an_exception_that_was_returned_is_recognised() -> None:
    asked = exchange("GET", "/books/9", 200, {"status_code": 404, "detail": "no", "headers": None})
    card = diagnose(failure(asked, compared=(200, "==", 404)))
    assert "returned instead of raised" in card.why[0]


@pytest.mark.parametrize(
    "kind, message, word",
    [
        ("AttributeError", "'dict' object has no attribute 'title'", '["title"]'),
        ("TypeError", "'Book' object is not subscriptable", "dot"),
        ("TypeError", "'NoneType' object is not subscriptable", "nothing was found"),
        ("TypeError", "object dict can't be used in 'await' expression", "Remove the `await`"),
        ("TypeError", "the first argument must be callable", "brackets"),
        ("TypeError", "unsupported operand type(s) for -: 'NoneType' and 'int'", "not there"),
        ("UnboundLocalError", "cannot access local variable 'count' where", "global count"),
        ("ZeroDivisionError", "division by zero", "this line"),
    ],
)
def test_a_common_exception_comes_with_its_remedy(kind: str, message: str, word: str) -> None:
    asked = exchange("GET", "/books", 500, b"Internal Server Error")
    probe = FakeProbe(facts=facts_of(asked, "/books", raised(kind, message)))
    card = diagnose(failure(asked, compared=(500, "==", 200), probe=probe))
    assert card.kind is Kind.SERVER_ERROR
    assert card.next_step is not None
    assert word in card.next_step


def test_behind_a_proxy_the_step_leads_to_its_file() -> None:
    asked = exchange("GET", "/health", 503, {"detail": "no Redis"})
    probe = FakeProbe(fronts=frozenset({asked.number}))
    card = diagnose(failure(asked, compared=(503, "==", 200), probe=probe))
    assert card.kind is Kind.STATUS
    assert "from an instance, or from itself" in card.why[0]
    assert "whom the proxy asks" in str(card.next_step)
    card = diagnose(failure(asked, compared=(503, "==", 200)))
    assert "answers 503" in str(card.next_step)
