"""Point 4: the solution passes with five seeds while warnings are errors."""

from checker.authoring.judged import (
    SEEDS,
    check_solution,
)
from checker.authoring.subject import Subject
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge, always

FAILED = Verdict.FAILED


def test_solution_is_judged_with_five_seeds_and_strict_warnings(
    books: Subject, judge: ScriptedJudge
) -> None:
    assert check_solution(books, judge) == []
    assert [seed for seed, _ in judge.asked] == list(SEEDS)
    assert len(set(SEEDS)) == 5
    assert all(env == {"PYTHONWARNINGS": "error"} for _, env in judge.asked)


def test_failing_solution_is_explained(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(find_book=FAILED)
    assert check_solution(books, judge) == [
        "solutions/s01_shelf/t01_books does not pass with seed 1 and -W error: it is failed: "
        "find_book, test_a_book_is_found_by_its_id: GET /books answered 200, not 404. "
        "(expected 404; got 200)"
    ]


def test_failing_solution_without_a_card_is_named(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(find_book=FAILED)
    judge.card = None
    (problem,) = check_solution(books, judge)
    assert problem.endswith("it is failed, without a card.")
