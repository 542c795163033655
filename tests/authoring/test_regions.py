"""Regions: labs and solutions agree outside of them, and their ids are the tasks'."""

import pytest

from checker.authoring.regions import check_regions, outline_of
from checker.authoring.subject import Subject
from tests.authoring.edits import replace_in

LAB = "labs/s01_shelf/t01_books"
SOLUTION = "solutions/s01_shelf/t01_books"


def test_sound_topic_has_no_problem(books: Subject) -> None:
    assert check_regions(books) == []


def test_file_that_only_the_lab_has_is_named(books: Subject) -> None:
    (books.rooms.lab / "extra.py").write_text("")
    assert check_regions(books) == [f"{SOLUTION}/extra.py is missing: add it, the lab has it."]


def test_file_that_only_the_solution_has_is_named(books: Subject) -> None:
    (books.rooms.solution / "extra.py").write_text("")
    assert check_regions(books) == [f"{LAB}/extra.py is missing: add it, the solution has it."]


def test_caches_are_no_files_of_a_lab(books: Subject) -> None:
    (books.rooms.lab / "__pycache__").mkdir()
    (books.rooms.lab / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"x")
    assert check_regions(books) == []


def test_difference_outside_regions_is_shown(books: Subject) -> None:
    replace_in(books.rooms.lab / "app.py", "Ulysses", "Dubliners")
    (problem,) = check_regions(books)
    assert problem.startswith(f"{LAB}/app.py differs from the solution outside regions")
    assert "Dubliners" in problem
    assert "Ulysses" in problem


def test_end_of_the_shorter_file_is_shown(books: Subject) -> None:
    with (books.rooms.solution / "app.py").open("a") as file:
        file.write("LAST = 1\n")
    (problem,) = check_regions(books)
    assert "the end of the file" in problem
    assert "LAST = 1" in problem


def test_contract_must_be_the_same_in_both(books: Subject) -> None:
    replace_in(books.rooms.lab / "app.py", "or 404.", "or else.")
    (problem,) = check_regions(books)
    assert "or else." in problem


def test_file_without_regions_must_be_equal(books: Subject) -> None:
    for room, text in ((books.rooms.lab, "a = 1\n"), (books.rooms.solution, "a = 1  \n")):
        (room / "settings.py").write_text(text)
    assert check_regions(books) == [
        f"{LAB}/settings.py differs from the solution; make them equal."
    ]


def test_binary_files_must_be_equal(books: Subject) -> None:
    for room, content in ((books.rooms.lab, b"\xff1"), (books.rooms.solution, b"\xff2")):
        (room / "cover.png").write_bytes(content)
    assert check_regions(books) == [
        f"{LAB}/cover.png is not text: make it equal to the solution's."
    ]
    (books.rooms.lab / "cover.png").write_bytes(b"\xff2")
    assert check_regions(books) == []


def test_task_without_region_is_named(books: Subject) -> None:
    for room in (books.rooms.lab, books.rooms.solution):
        replace_in(room / "app.py", "region find_book:", "region find_books:")
    assert check_regions(books) == [
        f"{SOLUTION} has no region find_book: mark where the learner solves this task.",
        f"{SOLUTION}/app.py: region find_books is no task of curriculum/s01_shelf/t01_books.md; "
        "give both the same id.",
    ]


def test_task_may_have_its_region_in_any_text_file(books: Subject) -> None:
    for room in (books.rooms.lab, books.rooms.solution):
        replace_in(room / "app.py", "# region find_book: GET", "# GET")
        replace_in(room / "app.py", "# endregion\n\n\n# GET", "# GET")
        text = (room / "app.py").read_text()
        (room / "app.py").write_text(text[: text.index("# GET")] + "# endregion\n")
        (room / ".env").write_text(
            f"# region find_book: Name the shelf.\nX={room.parent.parent.name}\n# endregion\n"
        )
    assert check_regions(books) == []


@pytest.mark.parametrize(
    "text,problem",
    [
        ("# region a: One.\n# region b: Two.\n# endregion\n", "2: close region a before"),
        ("# region a: One.\n", "1: close region a with `# endregion`"),
        ("# endregion\n", "1: remove this endregion"),
        ("# region a\n# endregion\n", "1: say the contract of region a"),
        ("<!-- region a: -->\n<!-- endregion -->\n", "1: say the contract of region a"),
    ],
)
def test_marks_that_do_not_fit_are_named_with_their_line(text: str, problem: str) -> None:
    (found,) = outline_of(text).problems
    assert found.startswith(problem)


def test_marks_that_do_not_fit_are_problems_of_the_file(books: Subject) -> None:
    replace_in(books.rooms.lab / "app.py", "# endregion", "")
    problems = check_regions(books)
    assert problems[0].startswith(f"{LAB}/app.py:")
    assert "close region list_books" in problems[0]
