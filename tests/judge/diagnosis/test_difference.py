"""The first difference between two values, and how it is shown."""

import pytest

from checker.harmless import clean
from checker.judge.diagnosis.difference import How, find_difference, path_text
from checker.judge.diagnosis.values import show_pair, window


@pytest.mark.parametrize(
    "got, expected, path, how",
    [
        ({"a": 1}, {"a": 2}, 'body["a"]', How.VALUE),
        ({"a": 1}, {"a": "1"}, 'body["a"]', How.TYPE),
        ({"a": 1}, {"a": True}, None, None),
        ({}, {"a": 1}, 'body["a"]', How.MISSING),
        ({"a": 1, "b": 2}, {"a": 1}, 'body["b"]', How.EXTRA),
        ({"a": 2, "b": 2}, {"a": 1}, 'body["a"]', How.VALUE),
        ([1, 2], [1], "body", How.LENGTH),
        ([2, 1], [1, 2], "body", How.ORDER),
        ([{"t": "a"}, {"t": "b"}], [{"t": "a"}, {"t": "c"}], 'body[1]["t"]', How.VALUE),
        ([], {}, "body", How.TYPE),
        (None, {}, "body", How.TYPE),
    ],
)
def test_the_first_difference_is_found(
    got: object, expected: object, path: str | None, how: How | None
) -> None:
    found = find_difference(got, expected)
    assert (path_text(found.path) if found else None) == path
    assert (found.how if found else None) == how


def test_long_texts_are_cut_around_their_difference() -> None:
    expected, got = show_pair("x" * 5_000 + "A" + "y" * 5_000, "x" * 5_000 + "B" + "y" * 5_000)
    assert "A" in expected
    assert "B" in got
    assert expected != got
    assert max(len(expected), len(got)) < 120


def test_different_values_that_look_alike_name_their_types() -> None:
    class Shown(str):
        __slots__ = ()

        def __repr__(self) -> str:
            return '"1"'

    assert show_pair("1", Shown("1")) == ('"1" (str)', '"1" (Shown)')


def test_a_window_says_that_it_is_one() -> None:
    assert window("0123456789", 5, 2) == "…456…"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\tb\n", "a\tb\n"),
        ("\u202egnp", r"\u202egnp"),
        ("Bücher 📚", "Bücher 📚"),
        ("\x9b31m", r"\x9b31m"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown
