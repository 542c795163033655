"""What 5.8.2 asks: tests with TestClient that pass on the library, and fail on broken copies."""

import pytest

from checker.judge.api import Exam


@pytest.mark.task("start_app")
def test_catalogue(exam: Exam) -> None:
    """With your fixture, the tests of test_catalogue.py pass, and notice an empty catalogue."""
    exam.choose("tests/test_catalogue.py").notices()


@pytest.mark.task("send_requests")
def test_books(exam: Exam) -> None:
    """Your tests of query, header, form and file pass, and fail where one of them is lost."""
    exam.notices()


@pytest.mark.task("keep_cookies")
def test_login(exam: Exam) -> None:
    """Your tests of the login pass, and fail for each broken login."""
    exam.notices()


@pytest.mark.task("read_stream")
def test_summary(exam: Exam) -> None:
    """Your tests of the stream pass, and fail for each broken stream."""
    exam.notices()


@pytest.mark.task("talk")
def test_talk(exam: Exam) -> None:
    """Your tests of the WebSocket pass, and fail for each broken desk."""
    exam.notices()


@pytest.mark.task("face_failure")
def test_failure(exam: Exam) -> None:
    """Your tests of the failure pass, and fail for each answer that is none."""
    exam.notices()
