"""Point 6: each right answer passes and is no copy of the solution."""

from checker.authoring.judged import (
    check_right_answers,
)
from checker.authoring.subject import Subject, load_subject
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge, always

FAILED = Verdict.FAILED
RIGHT = "tests/answers/s01_shelf/t01_books/right"


def test_passing_answer_of_another_design_has_no_problem(
    books: Subject, judge: ScriptedJudge
) -> None:
    assert check_right_answers(books, judge) == []


def test_one_answer_at_least_is_needed(books: Subject, judge: ScriptedJudge) -> None:
    for path in (books.rooms.answers / "right").rglob("*.py"):
        path.unlink()
    for folder in (books.rooms.answers / "right").iterdir():
        folder.rmdir()
    (problem,) = check_right_answers(books, judge)
    assert problem.startswith(f"{RIGHT} is empty: add a lab")


def test_failing_answer_is_explained(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(find_book=FAILED)
    (problem,) = check_right_answers(books, judge)
    assert problem.startswith(f"{RIGHT}/by_dictionary does not pass: it is failed: find_book")


def test_copy_of_the_solution_is_named(books: Subject, judge: ScriptedJudge) -> None:
    solution = (books.rooms.solution / "app.py").read_text()
    copy = books.rooms.answers / "right" / "by_dictionary" / "app.py"
    copy.write_text(solution.replace("read_book", "get_book"))
    reread = load_subject(judge.catalog, books.topic)
    assert check_right_answers(reread, judge) == [
        f"{RIGHT}/by_dictionary is the solution again; build it differently."
    ]


def test_answer_that_does_not_parse_is_named(books: Subject, judge: ScriptedJudge) -> None:
    (books.rooms.answers / "right" / "by_dictionary" / "app.py").write_text("def (:\n")
    (problem,) = check_right_answers(books, judge)
    assert problem.startswith(f"{RIGHT}/by_dictionary/app.py:1: ")
    assert judge.asked == []
