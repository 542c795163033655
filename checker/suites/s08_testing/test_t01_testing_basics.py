"""What 5.8.1 asks: the learner's tests pass on the library as it is, and fail on broken copies."""

import pytest

from checker.judge.api import Exam

DRAFT = """
def test_idea() -> None:
    raise NotImplementedError
"""
NEW = """
def test_shelf() -> None:
    pass
"""
MENDED = """
import pytest


@pytest.mark.xfail
def test_mended() -> None:
    pass
"""
OLD = """
import warnings


def test_old_name() -> None:
    warnings.warn("use another name", DeprecationWarning, stacklevel=1)
"""
FILES = {
    "drafts/test_draft.py": DRAFT,
    "tests/shelves/test_shelf.py": NEW,
    "tests/test_mended.py": MENDED,
    "tests/test_old.py": OLD,
}


@pytest.mark.task("set_up")
def test_only_the_folder_tests(exam: Exam) -> None:
    """Started without a path, pytest runs what is in `tests` and nothing else."""
    ran = exam.run(FILES).outcomes
    assert ran.get("tests/shelves/test_shelf.py::test_shelf") == "passed", (
        "pytest does not run the new test in tests/shelves/test_shelf.py."
    )
    assert ran.get("drafts/test_draft.py::test_idea", "not run") == "not run", (
        "pytest runs drafts/test_draft.py as well, which lies outside of `tests`."
    )


@pytest.mark.task("set_up")
def test_strict(exam: Exam) -> None:
    """An `xfail` that passes is a failure, which is a part of being strict."""
    ran = exam.run(FILES).outcomes
    assert ran.get("tests/test_mended.py::test_mended") == "failed", (
        "A test that is marked `xfail` and passes goes unnoticed: pytest is not strict."
    )


@pytest.mark.task("set_up")
def test_warnings_are_errors(exam: Exam) -> None:
    """A test in which Python warns fails."""
    ran = exam.run(FILES).outcomes
    assert ran.get("tests/test_old.py::test_old_name") == "failed", (
        "A test passes in which a DeprecationWarning is issued."
    )


@pytest.mark.task("find_tests")
def test_reviews(exam: Exam) -> None:
    """The three tests of `average` are found, and they notice its mistakes."""
    exam.passes(at_least=3)
    exam.notices()


@pytest.mark.task("judge_fine")
def test_fines(exam: Exam) -> None:
    """Your tests of `fine` pass, and fail for each wrong `fine`."""
    exam.notices()


@pytest.mark.task("cover_kinds")
def test_due_dates(exam: Exam) -> None:
    """Your tests of `due_date` pass, and fail for each wrong `due_date`."""
    exam.notices()


@pytest.mark.task("expect_refusal")
def test_refusals(exam: Exam) -> None:
    """Your tests of `admit` pass, and fail for each wrong `admit`."""
    exam.notices()


@pytest.mark.task("ask_the_app")
def test_books(exam: Exam) -> None:
    """Your tests of the routes pass, and fail for each broken app."""
    exam.notices()


@pytest.mark.task("keep_apart")
def test_catalogue(exam: Exam) -> None:
    """The tests of test_catalogue.py pass in every order, and still notice what is broken."""
    exam.choose("tests/test_catalogue.py").notices()
