"""Point 5: each wrong answer fails its task, and its card says why."""

import pytest

from checker.authoring.judged import (
    check_wrong_answers,
)
from checker.authoring.subject import Subject
from checker.files import Tree
from checker.report import Verdict
from tests.authoring.conftest import ScriptedJudge, always, make_card
from tests.authoring.edits import replace_in

FAILED, BLOCKED = Verdict.FAILED, Verdict.BLOCKED
WRONG = "tests/answers/s01_shelf/t01_books/wrong.toml"


def caught(tree: Tree) -> dict[str, Verdict]:
    """Judge the wrong answers of the first topic as a good suite does."""
    app = tree["app.py"]
    if b'{"books": BOOKS}' not in app:
        return {"list_books": FAILED}
    return {"find_book": FAILED}


@pytest.fixture(autouse=True)
def _card_says_all(judge: ScriptedJudge) -> None:
    judge.rule = caught
    judge.card = make_card("books Emma 404 200 410")


def test_answers_that_are_caught_have_no_problem(books: Subject, judge: ScriptedJudge) -> None:
    assert check_wrong_answers(books, judge) == []
    assert len(judge.asked) == 5


def test_answer_that_passes_is_named(books: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always()
    problems = check_wrong_answers(books, judge)
    assert len(problems) == 5
    assert problems[0] == (
        f"{WRONG}: no_wrapping must make only list_books failed: list_books is passed, "
        "not failed; sharpen the edit or the suite."
    )


def test_answer_that_fails_more_than_its_task_is_named(
    books: Subject, judge: ScriptedJudge
) -> None:
    judge.rule = always(list_books=FAILED, find_book=FAILED)
    problems = check_wrong_answers(books, judge)
    assert "find_book is failed, not passed (books Emma 404 200 410)" in problems[0]


def test_dependent_task_may_be_blocked(loans: Subject, judge: ScriptedJudge) -> None:
    judge.rule = always(lend_book=FAILED, return_book=BLOCKED)
    judge.card = make_card("201 200 id reader")
    problems = check_wrong_answers(loans, judge)
    assert {problem.split(": ")[1].split()[0] for problem in problems} == {
        "never_removed",
        "delete_200",
    }


def test_card_must_say_the_words(books: Subject, judge: ScriptedJudge) -> None:
    judge.card = make_card("books 404 200 410")
    assert check_wrong_answers(books, judge) == [
        f"{WRONG}: empty_shelf must be told 'Emma', but its card says: books 404 200 410 "
        "(expected 404; got 200); correct `says`, the suite or the diagnosis."
    ]


def test_failure_without_a_card_is_named(books: Subject, judge: ScriptedJudge) -> None:
    judge.card = None
    assert check_wrong_answers(books, judge)[0] == (
        f"{WRONG}: no_wrapping fails without a card; see its check."
    )


@pytest.mark.parametrize(
    "old,new,problem",
    [
        ('name = "gone"', 'name = "empty_shelf"', "empty_shelf appears twice."),
        (
            'task = "find_book"',
            'task = "find"',
            "null_for_unknown names the unknown task find.",
        ),
        (
            "find = '''return {\"books",
            "find = '''return {\"book ",
            "no_wrapping does not fit: ",
        ),
        ("replace = '''return {}'''", "replace = '''return {'''", "does not parse: app.py:"),
        ("[[wrong]]", "[[wrong", "is not TOML"),
    ],
)
def test_each_fault_of_the_data_is_named(
    books: Subject, judge: ScriptedJudge, old: str, new: str, problem: str
) -> None:
    replace_in(books.rooms.answers / "wrong.toml", old, new)
    problems = check_wrong_answers(books, judge)
    assert any(problem in found for found in problems), problems


def test_too_few_answers_are_counted(books: Subject, judge: ScriptedJudge) -> None:
    path = books.rooms.answers / "wrong.toml"
    parts = path.read_text().split("[[wrong]]")
    path.write_text("[[wrong]]".join(parts[:3]))
    assert check_wrong_answers(books, judge) == [
        f"{WRONG}: add a wrong answer for the task find_book.",
        f"{WRONG}: add wrong answers: 2 of 5 are there.",
    ]


def test_missing_data_is_counted(books: Subject, judge: ScriptedJudge) -> None:
    (books.rooms.answers / "wrong.toml").unlink()
    assert len(check_wrong_answers(books, judge)) == 3


def test_expected_broken_lab_need_not_parse(books: Subject, judge: ScriptedJudge) -> None:
    path = books.rooms.answers / "wrong.toml"
    replace_in(path, "replace = '''return {}'''", "replace = '''return {'''")
    replace_in(path, 'task = "find_book"\n', 'task = "find_book"\nverdict = "broken"\n')
    broken = always(list_books=Verdict.BROKEN, find_book=Verdict.BROKEN)
    judge.rule = lambda tree: (
        broken(tree) if tree["app.py"].rstrip().endswith(b"{\n\n\n# endregion") else caught(tree)
    )
    assert check_wrong_answers(books, judge) == []
