"""What 5.8.4 asks: fixtures that serve each test afresh, and stand-ins that hide no mistake."""

import pytest

from checker.judge.api import Exam

WATCH = """
import os
from collections.abc import Iterator

import pytest


def variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("LIBRARY_")}


@pytest.fixture(autouse=True)
def watch() -> Iterator[None]:
    before = variables()
    yield
    assert variables() == before
"""


@pytest.mark.task("make_data")
def test_overdue(exam: Exam) -> None:
    """With your `make_loan` the tests of test_overdue.py pass, and notice a wrong `overdue`."""
    exam.choose("tests/test_overdue.py").notices()


@pytest.mark.task("override")
def test_me(exam: Exam) -> None:
    """With your `client` the tests of test_me.py pass in every order, and notice what is broken."""
    exam.choose("tests/test_me.py").notices()


@pytest.mark.task("set_environment")
def test_limit(exam: Exam) -> None:
    """Your tests of the limit pass in every order, and fail for each broken app."""
    exam.notices()


@pytest.mark.task("set_environment")
def test_environment(exam: Exam) -> None:
    """When a test of yours is over, the environment is as it was."""
    mine = exam.passes()
    ran = exam.run({"conftest.py": WATCH}, *{test["file"] for test in mine}).outcomes
    left = [test["id"].rpartition("::")[2] for test in mine if ran.get(test["id"]) != "passed"]
    assert not left, f"`{left[0]}` changes the environment, and leaves it so when it is over."


@pytest.mark.task("answer_for_service")
def test_covers(exam: Exam) -> None:
    """Your tests of `find_cover` need no network, and fail for each broken one."""
    exam.notices()


@pytest.mark.task("mock_mailer")
def test_reminders(exam: Exam) -> None:
    """Your tests of `remind` need no mail server, and fail for each broken one."""
    exam.notices()


@pytest.mark.task("fake_model")
def test_answers(exam: Exam) -> None:
    """Your tests of the assistant need no model, and fail for each broken assistant."""
    exam.notices()
