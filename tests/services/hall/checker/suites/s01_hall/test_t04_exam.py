"""What 5.1.4 asks."""

import pytest

from checker.judge.api import Exam


@pytest.mark.task("test_desk")
def test_the_desk_is_tested(exam: Exam) -> None:
    """Your tests notice what is broken."""
    exam.notices()
