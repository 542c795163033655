"""What 5.8.3 asks: async tests that pass on the library, notice its bugs, and wait for nothing."""

import pytest

from checker.judge.api import Exam

CLOSING = """
import pytest


@pytest.fixture
def afterwards(model):
    yield
    assert model.closed


@pytest.mark.anyio
async def test_closing(afterwards, client, model):
    assert not model.closed
    assert (await client.get("/books/Emma")).status_code == 200
"""
COUNTING = """
import pytest

from library.index import Index


@pytest.fixture(scope="module", autouse=True)
def opened():
    yield
    assert Index.opened <= 1
"""


@pytest.mark.task("run_async")
def test_waiting(exam: Exam) -> None:
    """The three tests of the waiting list run to their end, and notice its mistakes."""
    exam.passes(at_least=3)
    exam.notices()


@pytest.mark.task("make_client")
def test_client(exam: Exam) -> None:
    """With your fixtures the tests of test_books.py pass, and notice a broken start."""
    exam.choose("tests/test_books.py").notices()


@pytest.mark.task("make_client")
def test_shutdown(exam: Exam) -> None:
    """When a test is over, the app has shut down, and closed its model."""
    exam.choose("tests/test_books.py").passes()
    ran = exam.run({"tests/test_closing.py": CLOSING}, "tests/test_closing.py").outcomes
    assert ran.get("tests/test_closing.py::test_closing") == "passed", (
        "The model is still open when the test is over: the app was not shut down."
    )


@pytest.mark.task("ask_async")
def test_loans(exam: Exam) -> None:
    """Your tests of loans and errors pass, and fail for each broken app."""
    exam.notices()


@pytest.mark.task("at_once")
def test_at_once(exam: Exam) -> None:
    """Your tests send requests at the same time, and notice when they get in each other's way."""
    exam.notices()


@pytest.mark.task("no_sleep")
def test_time(exam: Exam) -> None:
    """Your tests of the deadline and of the hour pass, and fail for each broken assistant."""
    exam.notices()


@pytest.mark.task("share_loop")
def test_index(exam: Exam) -> None:
    """With your fixture the tests of test_index.py pass, and notice a broken index."""
    exam.choose("tests/test_index.py").notices()


@pytest.mark.task("share_loop")
def test_opened_once(exam: Exam) -> None:
    """The index is opened once for all tests of the file."""
    exam.choose("tests/test_index.py").passes()
    ran = exam.run({"conftest.py": COUNTING}, "tests/test_index.py").outcomes
    failed = [test for test in ran if "test_index" in test and ran[test] == "failed"]
    assert not failed, "The index was opened again for another test of the file."
