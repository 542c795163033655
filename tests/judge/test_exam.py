"""Exams: which tests count, on which app they run, and whom the judge believes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.kinds import Kind, Verdict
from checker.report import Card, TopicReport
from tests.golden.conftest import LIBRARY
from tests.golden.exams import GOOD, UNNOTICED, Answer

JudgeAnswer = Callable[[Answer], TopicReport]


@pytest.fixture(scope="module")
def exams() -> Iterator[tuple[Judge, Catalog]]:
    """Hold a judge of the curriculum that has an exam."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKER_ROOT", str(LIBRARY))
        catalog = Catalog()
        with Judge(catalog) as one:
            yield one, catalog


@pytest.fixture
def judge_answer(exams: tuple[Judge, Catalog], tmp_path: Path) -> JudgeAnswer:
    """Judge a learner's tests."""

    def run(answer: Answer) -> TopicReport:
        for name, text in answer.tree(LIBRARY / "labs" / "s01_library" / "t02_exam").items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        judge, catalog = exams
        return judge.check(catalog.find("5.1.2"), tmp_path, seed=1)

    return run


def card_of(report: TopicReport) -> Card:
    found = report.first_card()
    assert found is not None
    return found[2]


def test_the_learners_copy_of_the_app_changes_nothing(judge_answer: JudgeAnswer) -> None:
    report = judge_answer(Answer("broken", files={"library.py": "1 / 0\n"}))
    assert report.verdict is Verdict.PASSED
    report = judge_answer(Answer("weak", UNNOTICED, files={"library.py": "app = None\n"}))
    assert card_of(report).kind is Kind.BUG_UNNOTICED


def test_tests_that_always_fail_do_not_pass(judge_answer: JudgeAnswer) -> None:
    report = judge_answer(Answer("never", "\ndef test_never() -> None:\n    assert False\n"))
    assert card_of(report).kind is Kind.TEST_FAILS


def test_tests_outside_of_the_region_do_not_count(judge_answer: JudgeAnswer) -> None:
    good = "from fastapi.testclient import TestClient\nfrom library import app\n"
    good += "client = TestClient(app)\n" + GOOD
    report = judge_answer(Answer("elsewhere", "", files={"tests/test_more.py": good}))
    assert card_of(report).kind is Kind.NO_TEST


def test_a_digest_of_the_app_is_no_test(judge_answer: JudgeAnswer) -> None:
    text = (LIBRARY / "labs" / "s01_library" / "t02_exam" / "library.py").read_text("utf-8")
    body = (
        f"\ndef test_text() -> None:\n    assert Path(library.__file__).read_text() == {text!r}\n"
    )
    report = judge_answer(Answer("digest", body, "from pathlib import Path\nimport library\n"))
    assert card_of(report).kind is Kind.TEST_FAILS


def test_counting_the_trials_is_no_test(judge_answer: JudgeAnswer, tmp_path: Path) -> None:
    """The first trials are those of the correct app, so who fails from the third on sees bugs."""
    counter = tmp_path / "counter"
    body = f"""
def test_turn() -> None:
    with open({str(counter)!r}, "a") as file:
        file.write(".")
    assert len(open({str(counter)!r}).read()) <= 2
"""
    report = judge_answer(Answer("turns", body))
    assert report.verdict is Verdict.FAILED
    assert card_of(report).kind is Kind.TEST_FAILS


def test_the_exit_code_alone_is_no_verdict(judge_answer: JudgeAnswer) -> None:
    body = """
def test_exit() -> None:
    if client.post("/books", params={"title": "Emma"}).status_code != 201:
        os._exit(1)
    if client.get("/books/99").status_code != 404:
        os._exit(1)
"""
    report = judge_answer(Answer("exit", body, "import os\n"))
    card = card_of(report)
    assert card.kind is Kind.BUG_UNNOTICED
    assert card.got == "your tests did not come to their end on it"


def test_said_outcomes_alone_are_no_verdict(judge_answer: JudgeAnswer) -> None:
    """A process that claims an outcome for a test that pytest did not find is not believed."""
    body = """
def test_claim() -> None:
    for one in gc.get_objects():
        if type(one).__name__ == "Watcher":
            one._send({"event": "outcome", "test": "invented", "outcome": "passed"})
"""
    report = judge_answer(Answer("claim", body, "import gc\n"))
    assert card_of(report).kind is Kind.TEST_RUN


def test_an_error_of_a_file_on_a_broken_app_is_no_failed_test(judge_answer: JudgeAnswer) -> None:
    top = """
from fastapi.testclient import TestClient
from library import app
assert TestClient(app).post("/books", params={"title": "Emma"}).status_code == 201
"""
    report = judge_answer(Answer("loads", UNNOTICED, top))
    card = card_of(report)
    assert card.kind is Kind.BUG_UNNOTICED
    assert card.got == "your file of tests did not load on it, which counts as no test"


def test_a_fixture_that_fails_only_on_a_broken_app_notices(judge_answer: JudgeAnswer) -> None:
    body = """
@pytest.fixture
def book() -> str:
    response = client.post("/books", params={"title": "Emma"})
    assert response.status_code == 201
    return "Emma"


def test_book(book: str) -> None:
    assert book == "Emma"


def test_unknown() -> None:
    assert client.get("/books/99").status_code == 404
"""
    assert judge_answer(Answer("fixture", body, "import pytest\n")).verdict is Verdict.PASSED


def test_marks_that_are_gone_are_told(judge_answer: JudgeAnswer) -> None:
    answer = Answer("unmarked")
    lab = LIBRARY / "labs" / "s01_library" / "t02_exam"
    text = answer.tree(lab)["tests/test_desk.py"].replace("# region", "#").replace("# end", "#")
    report = judge_answer(Answer("unmarked", files={"tests/test_desk.py": text}))
    assert card_of(report).headline == "The marks of the region `write_tests` are gone."


def test_exams_are_repeatable(judge_answer: JudgeAnswer) -> None:
    assert {judge_answer(Answer("good")).verdict for _ in range(5)} == {Verdict.PASSED}
