"""Point 3: the starter loads and each task fails."""

import pytest

from checker.authoring.judged import (
    check_starter,
)
from checker.authoring.subject import Subject
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge, always

FAILED, BLOCKED = Verdict.FAILED, Verdict.BLOCKED


def test_failing_tasks_are_as_they_should_be(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(list_books=FAILED, find_book=FAILED)
    assert check_starter(books, judge) == []


def test_task_that_requires_another_may_be_blocked(loans: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(lend_book=FAILED, return_book=BLOCKED)
    assert check_starter(loans, judge) == []


def test_task_that_requires_none_may_not_be_blocked(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(list_books=FAILED, find_book=BLOCKED)
    (problem,) = check_starter(books, judge)
    assert problem.startswith("labs/s01_shelf/t01_books: the task find_book is blocked")


def test_solved_task_is_named(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(list_books=FAILED)
    (problem,) = check_starter(books, judge)
    assert problem == (
        "labs/s01_shelf/t01_books: the task find_book is passed in the starter; "
        "take its answer out of the region, or make the suite ask for it."
    )


@pytest.mark.parametrize("verdict", [Verdict.BROKEN, Verdict.ERROR, Verdict.TIMEOUT])
def test_starter_must_load_and_answer(
    books: Subject, judge: ScriptedJudge, verdict: Verdict
) -> None:
    judge.rule = always(list_books=verdict, find_book=FAILED)
    (problem,) = check_starter(books, judge)
    assert problem.startswith("labs/s01_shelf/t01_books must load and fail task by task: ")
    assert f"it is {verdict}" in problem


def test_failure_without_a_card_is_named(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(list_books=FAILED, find_book=FAILED)
    judge.card = None
    problems = check_starter(books, judge)
    assert "the task list_books fails without a card" in problems[0]
