"""What 5.8.6 asks: tests that notice when the lock of the library is broken."""

import pytest

from checker.judge.api import Exam


@pytest.mark.task("log_in")
def test_members(exam: Exam) -> None:
    """With your fixture, the tests of test_members.py pass, and notice a broken login."""
    exam.choose("tests/test_members.py").notices()


@pytest.mark.task("sweep_routes")
def test_locks(exam: Exam) -> None:
    """Your sweep passes, and fails if a route, an old or a new one, asks for no token."""
    exam.notices()


@pytest.mark.task("refuse_tokens")
def test_tokens(exam: Exam) -> None:
    """Your tests of tokens pass, and fail if a bad one is accepted."""
    exam.notices()


@pytest.mark.task("keep_apart")
def test_loans(exam: Exam) -> None:
    """Your tests of loans pass, and fail if one reader gets at another's."""
    exam.notices()


@pytest.mark.task("guard_readers")
def test_roles(exam: Exam) -> None:
    """Your tests of roles pass, and fail if the app confuses who may do what."""
    exam.notices()


@pytest.mark.task("tell_nothing")
def test_login(exam: Exam) -> None:
    """Your tests of failed logins pass, and fail if one tells what was wrong."""
    exam.notices()
