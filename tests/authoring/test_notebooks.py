"""Point 7: notebooks are current, run, and print the same again."""

import json
from pathlib import Path

import pytest

from checker.authoring.notebooks import build_place, check_notebook, check_place, write_notebook
from checker.authoring.subject import Subject
from checker.catalog import Catalog
from checker.errors import CurriculumError, UsageError
from tests.authoring.edits import replace_in

LESSON = "curriculum/s01_shelf/t01_books.md"
NOTEBOOK = "notebooks/s01_shelf/t01_books.ipynb"
PRINT = 'print({"id": 1, "mark": "A-1"})'
REMEDY = "run `checker author notebooks 5.1.1`."


@pytest.fixture
def built(books: Subject) -> Subject:
    """Build the notebook of the first topic."""
    assert write_notebook(books)
    return books


def test_built_notebook_is_current_and_a_rebuild_changes_nothing(built: Subject) -> None:
    assert check_notebook(built) == []
    assert not write_notebook(built)


def test_output_is_in_the_file_without_anything_volatile(built: Subject) -> None:
    text = built.rooms.notebook.read_text(encoding="utf-8")
    cell = json.loads(text)["cells"][3]
    assert cell["execution_count"] == 1
    assert cell["metadata"] == {}
    assert cell["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": "{'id': 1, 'mark': 'A-1'}\n"}
    ]


def test_changed_lesson_makes_the_notebook_stale(built: Subject) -> None:
    replace_in(built.rooms.lesson, "A shelf mark says", "A mark says")
    assert check_notebook(built) == [
        f"{NOTEBOOK}: cell 5-1-1-m03 is not what the lesson says; {REMEDY}"
    ]


def test_changed_output_is_shown(built: Subject) -> None:
    replace_in(built.rooms.notebook, "'mark': 'A-1'", "'mark': 'B-1'")
    assert check_notebook(built) == [
        f"{NOTEBOOK}: cell 5-1-1-c01 now prints \"{{'id': 1, 'mark': 'A-1'}}\" "
        f"where the notebook has \"{{'id': 1, 'mark': 'B-1'}}\"; {REMEDY}"
    ]


def test_output_that_came_another_way_is_named(built: Subject) -> None:
    replace_in(built.rooms.notebook, '"name": "stdout"', '"name": "stderr"')
    (problem,) = check_notebook(built)
    assert "the same text as another kind of output" in problem


def test_new_and_removed_cells_are_named(built: Subject) -> None:
    replace_in(built.rooms.lesson, "## Remember", "```python\nprint(2)\n```\n\n## Remember")
    problems = check_notebook(built)
    assert f"{NOTEBOOK}: cell 5-1-1-c03 is missing; {REMEDY}" in problems
    write_notebook(built)
    replace_in(built.rooms.lesson, "```python\nprint(2)\n```\n\n", "")
    assert f"{NOTEBOOK}: cell 5-1-1-c03 is not in the lesson; {REMEDY}" in check_notebook(built)


def test_other_order_and_metadata_are_named(built: Subject) -> None:
    path = built.rooms.notebook
    node = json.loads(path.read_text())
    node["metadata"]["author"] = "x"
    path.write_text(json.dumps(node))
    assert check_notebook(built) == [f"{NOTEBOOK}: its metadata differ; {REMEDY}"]
    node["cells"][0], node["cells"][1] = node["cells"][1], node["cells"][0]
    path.write_text(json.dumps(node))
    (problem,) = check_notebook(built)
    assert "its cells are in another order" in problem


@pytest.mark.parametrize("text", ["{", '{"cells": 1, "nbformat": 4, "nbformat_minor": 5}'])
def test_file_that_is_no_notebook_is_named(built: Subject, text: str) -> None:
    built.rooms.notebook.write_text(text)
    (problem,) = check_notebook(built)
    assert problem.startswith("t01_books.ipynb is no notebook: ")


@pytest.mark.parametrize(
    "cell,trouble",
    [
        ("1 / 0", "the cell raised ZeroDivisionError: division by zero"),
        ("def f(:", "the cell raised SyntaxError: "),
        ("import os; os._exit(3)", "the kernel died in the cell"),
    ],
)
def test_failing_cell_is_named_by_its_line(books: Subject, cell: str, trouble: str) -> None:
    replace_in(books.rooms.lesson, "## Remember", f"```python\n{cell}\n```\n\n## Remember")
    lines = books.rooms.lesson.read_text().splitlines()
    with pytest.raises(CurriculumError) as caught:
        write_notebook(books)
    assert caught.value.message.startswith(f"{LESSON}:{lines.index(cell) + 1}: {trouble}")
    assert not books.rooms.notebook.exists()


def test_failing_cell_is_a_problem_of_a_check(built: Subject) -> None:
    replace_in(built.rooms.lesson, PRINT, "undefined")
    (problem,) = check_notebook(built)
    assert "the cell raised NameError: name 'undefined' is not defined" in problem


def test_expected_exception_is_an_output(books: Subject) -> None:
    replace_in(books.rooms.lesson, "```python", '```python tags=["raises-exception"]')
    replace_in(books.rooms.lesson, PRINT, 'raise ValueError("no such mark")')
    write_notebook(books)
    text = books.rooms.notebook.read_text()
    assert "ValueError: no such mark" in text
    assert "\\u001b" not in text
    assert "ipykernel" not in text


def test_volatile_output_is_kept_and_not_compared(books: Subject) -> None:
    replace_in(books.rooms.lesson, "```python", '```python tags=["volatile"]')
    replace_in(books.rooms.lesson, PRINT, "import time; print(time.time_ns())")
    write_notebook(books)
    before = books.rooms.notebook.read_text()
    assert check_notebook(books) == []
    assert not write_notebook(books)
    assert books.rooms.notebook.read_text() == before


@pytest.mark.parametrize(
    "cell,word",
    [
        ("import sys; print(sys.prefix)", "the path "),
        ("import os; print(os.getcwd())", "the path "),
        ("print(object())", "an address (at 0x"),
        ("from datetime import *; print(datetime.now(UTC))", "today's date ("),
    ],
)
def test_output_of_one_machine_or_moment_is_refused(books: Subject, cell: str, word: str) -> None:
    replace_in(books.rooms.lesson, PRINT, cell)
    with pytest.raises(CurriculumError) as caught:
        write_notebook(books)
    assert f"the cell prints {word}" in caught.value.message
    assert caught.value.message.startswith(f"{LESSON}:")


def test_cells_run_without_colour_in_an_empty_folder_with_warnings_shown(
    books: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    cell = (
        "import os, sys\n"
        "print(os.environ.get('FORCE_COLOR'), os.environ['NO_COLOR'], sys.warnoptions)\n"
        "print(hash('a') == hash('a'), sys.flags.hash_randomization)\n"
        "print(sorted(name for name in os.listdir() if not name.startswith('.')))"
    )
    replace_in(books.rooms.lesson, PRINT, cell)
    write_notebook(books)
    text = books.rooms.notebook.read_text()
    assert "None 1 ['default']" in text
    assert "True 0" in text
    assert "[]\\n" in text


def test_streams_are_one_output_each(books: Subject) -> None:
    cell = (
        "import sys\nfor _ in range(3):\n    print('out', flush=True)\n"
        "    print('err', file=sys.stderr, flush=True)\n41 + 1"
    )
    replace_in(books.rooms.lesson, PRINT, cell)
    write_notebook(books)
    outputs = json.loads(books.rooms.notebook.read_text())["cells"][3]["outputs"]
    assert [output.get("text") for output in outputs] == ["out\n" * 3, "err\n" * 3, None]
    assert outputs[2]["data"] == {"text/plain": "42"}
    assert outputs[2]["execution_count"] == 1


def test_one_failure_does_not_stop_the_other_topics(catalog: Catalog, tiny: Path) -> None:
    replace_in(tiny / LESSON, PRINT, "1 / 0")
    lines = list(build_place(catalog, "all"))
    assert [line.failed for line in lines] == [True, False]
    assert lines[1].text == "notebooks/s01_shelf/t02_loans.ipynb written"
    assert [line.text for line in build_place(catalog, "5.1.2")] == [
        "notebooks/s01_shelf/t02_loans.ipynb unchanged"
    ]


def test_unreadable_lesson_does_not_stop_the_other_topics(catalog: Catalog, tiny: Path) -> None:
    replace_in(tiny / LESSON, "covers: [listing]", "covers: [x]")
    lines = list(build_place(catalog, "all"))
    assert [line.failed for line in lines] == [True, False]
    assert "'x' is no focus item" in lines[0].text


def test_place_is_checked(catalog: Catalog, tiny: Path) -> None:
    list(build_place(catalog, "5.1.2"))
    lines = list(check_place(catalog, "all"))
    assert [line.failed for line in lines] == [True, False]
    assert lines[0].text == f"{NOTEBOOK} is missing; {REMEDY}"
    assert lines[1].text == "notebooks/s01_shelf/t02_loans.ipynb is current"
    assert not (tiny / NOTEBOOK).exists()


def test_place_without_a_lesson_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError):
        list(build_place(catalog, "5.1.3"))
