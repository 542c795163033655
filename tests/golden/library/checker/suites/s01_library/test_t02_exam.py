"""What 5.1.2 asks."""

import pytest

from checker.judge.api import Exam


@pytest.mark.task("write_tests")
def test_the_desk_is_tested(exam: Exam) -> None:
    """Your tests of the desk notice what is broken."""
    exam.notices()
