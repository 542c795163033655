"""What 5.1.2 asks."""

import pytest

from checker.judge.api import Exam


@pytest.mark.task("write_tests")
def test_the_desk_is_tested(exam: Exam) -> None:
    """Your tests of the desk notice what is broken."""
    exam.notices()


PROBE = """
def test_probe(desk):
    assert desk.headers["X-Desk"] == "1"
"""


@pytest.mark.task("make_desk")
def test_the_given_tests_notice(exam: Exam) -> None:
    """With your desk, the given tests notice what is broken."""
    exam.choose("tests/test_given.py").notices()


@pytest.mark.task("make_desk")
def test_the_desk_has_a_name(exam: Exam) -> None:
    """The desk says who it is."""
    ran = exam.run({"tests/test_probe.py": PROBE}, "tests/test_probe.py").outcomes
    assert ran.keys() <= {"tests/test_probe.py::test_probe"}
    assert ran.get("tests/test_probe.py::test_probe") == "passed", (
        "The desk does not say who it is."
    )
