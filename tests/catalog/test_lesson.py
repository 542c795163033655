"""A malformed lesson is named with its file and key, whatever is wrong with it."""

from pathlib import Path

import pytest

from checker.catalog import Catalog, Lesson
from checker.catalog.lesson import headings, split, statement
from checker.errors import CurriculumError, ExitCode

LESSON = "curriculum/s01_shelf/t01_books.md"


def edit(tiny: Path, old: str, new: str, file: str = LESSON) -> None:
    """Replace a text that occurs in a file of the tiny curriculum."""
    path = tiny / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read() -> Lesson:
    """Read the lesson of 5.1.1 anew."""
    catalog = Catalog()
    return catalog.lesson(catalog.find("5.1.1"))


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("---\njupyter", "jupyter", "no front matter"),
        ("limits: {request: 2}\n---\n", "limits: {request: 2}\n", "no front matter"),
        ("tasks:", "tusks:", "tusks: unknown key; known here: headings, jupyter, lab"),
        ("    points: 2", "    pints: 2", "tasks[0].pints: unknown key"),
        ("    points: 2", "    points: two", "tasks[0].points: must be a positive number"),
        ("    points: 2", "    points: true", "tasks[0].points: must be a positive number"),
        ("    points: 2", "    points: 1.5", "tasks[0].points: must be a whole number"),
        ("    points: 2", "    points: 0", "tasks[0].points: must be a positive number"),
        ("    points: 2", "    requires: [pay]", "tasks[0].requires: no task 'pay' stands before"),
        (
            "    points: 2",
            "    requires: [find_book]",
            "tasks[0].requires: no task 'find_book' stands before 'list_books'",
        ),
        ("id: find_book", "id: list_books", "tasks[1].id: 'list_books' appears twice"),
        ("id: find_book", "id: Find-Book", "tasks[1].id: 'Find-Book' is not snake_case"),
        ("  - id: find_book\n    title", "  - title", "tasks[1].id: is missing"),
        ("covers: [finding]", "covers: [losing]", "tasks[1].covers: 'losing' is no focus item"),
        ("covers: [finding]", "covers: finding", "tasks[1].covers: must be a list, not text"),
        ("when: [not_found]", "when: [lost]", "tasks[0].hints[0].when: 'lost' is no kind"),
        ("- when: [not_found]\n        text:", "- txt:", "tasks[0].hints[0].txt: unknown key"),
        ("text: HTTPException", "text: 'Use: it'\n      - 3", "tasks[1].hints[2]: top level"),
        ("shelf marks: What", "shelf boards: What", "headings: 'shelf boards' is no focus item"),
        ("shelf marks: What a", "shelf marks: When a", "the text has no heading 'When a shelf"),
        ("shelf marks: What a shelf mark is", "shelf marks: 3", "must be text, not 3; quote it"),
        ('entry: "app:app"', 'entry: "app"', "lab.entry: 'app' is not of the form module:name"),
        ('env: {SHELF: "A"}', "env: {SHELF: 1}", "lab.env.SHELF: must be text, not 1; quote it"),
        ('env: {SHELF: "A"}', "env: [A]", "lab.env: must be a mapping, not a list"),
        ("limits: {request: 2}", "limits: {request: -1}", "limits.request: must be a positive"),
        ("limits: {request: 2}", "limits: 5", "limits: top level: must be a mapping, not 5"),
        ("title: Find one book", "title: Find: one", "t01_books.md:14: the front matter is not"),
        ("### Task: Find one book", "### Task: Find a book", "the heading of 'find_book' says"),
        ("### Task: Find one book", "### Tusk: Find one book", "must hold the heading '### Task"),
        ("`find_book`\n", "`find_book`\n\n### Task: X  `x`\n", "states a task 'x' that is not"),
    ],
)
def test_malformed_lesson_names_file_and_key(tiny: Path, old: str, new: str, message: str) -> None:
    edit(tiny, old, new)
    with pytest.raises(CurriculumError) as caught:
        read()
    assert caught.value.message.startswith("curriculum/s01_shelf/t01_books.md")
    assert message.replace(": top level", "") in caught.value.message.replace(": top level", "")
    assert caught.value.remedy
    assert caught.value.exit_code == ExitCode.FAULT


@pytest.mark.parametrize(
    "matter, message",
    [("tasks: []", "at least one task"), ("", "at least one task"), ("- 1", "must be a mapping")],
)
def test_front_matter_without_tasks_is_refused(tiny: Path, matter: str, message: str) -> None:
    (tiny / LESSON).write_text(f"---\n{matter}\n---\n# Title\n")
    with pytest.raises(CurriculumError, match=message):
        read()


def test_lesson_that_is_not_utf_8_is_refused(tiny: Path) -> None:
    (tiny / LESSON).write_bytes(b"---\ntasks: \xff\n---\n")
    with pytest.raises(CurriculumError, match="cannot be read"):
        read()


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('@pytest.mark.task("list_books")\n', "", ":10: test_all_books_are_listed: needs one mark"),
        ('task("list_books")', "task(LIST)", "needs one marker of the form"),
        ('.task("list_books")', ".task", "needs one marker of the form"),
        ('task("list_books")', 'task("read_books")', "names the unknown task 'read_books'; known"),
        ('    """GET /books lists every book."""\n', "", "needs a docstring"),
        ('"""GET /books lists every book."""', '"""  """', "needs a docstring"),
        ("def test_all_books", "def all_books", "its name lacks `test_`"),
        ("test_an_unknown_book_is_a_404", "test_all_books_are_listed", "is defined twice"),
        ("import random\n", "import\n", "cannot be read"),
        ("import random\n", "import random\n\nclass TestX: ...\n", "a suite holds plain functions"),
        ('task("list_books")', 'task("find_book")', "no check is marked with the task 'list_bo"),
    ],
)
def test_malformed_suite_names_file_and_test(tiny: Path, old: str, new: str, message: str) -> None:
    edit(tiny, old, new, "checker/suites/s01_shelf/test_t01_books.py")
    with pytest.raises(CurriculumError) as caught:
        read()
    assert caught.value.message.startswith("checker/suites/s01_shelf/test_t01_books.py")
    assert message in caught.value.message


def test_missing_suite_is_named(tiny: Path) -> None:
    (tiny / "checker/suites/s01_shelf/test_t01_books.py").unlink()
    with pytest.raises(CurriculumError, match=r"test_t01_books\.py does not exist"):
        read()


def test_async_and_parametrised_checks_are_read(tiny: Path) -> None:
    edit(
        tiny,
        '@pytest.mark.task("list_books")\ndef',
        '@pytest.mark.parametrize("n", [1, 2])\n@pytest.mark.task("list_books")\nasync def',
        "checker/suites/s01_shelf/test_t01_books.py",
    )
    assert read().tasks[0].checks[0].id == "test_all_books_are_listed"


def test_lesson_with_windows_line_ends_and_a_mark_is_read(tiny: Path) -> None:
    text = (tiny / LESSON).read_text().replace("\n", "\r\n")
    (tiny / LESSON).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(read().tasks) == 2


def test_headings_skip_code_of_every_fence() -> None:
    body = "# A\n```python\n# no\n~~~\n```\n~~~~\n# no\n~~~\n# no\n~~~~\n## B ##\n    # no\n#no\n"
    assert [(one.level, one.text) for one in headings(body)] == [(1, "A"), (2, "B")]


def test_statement_ends_at_the_next_heading_and_keeps_code() -> None:
    body = "### Task: Do  `do`\n\nSo:\n\n```text\n# code\n```\n\n## Remember\n\nno\n"
    assert statement(body, "do") == "So:\n\n```text\n# code\n```"
    assert statement(body, "undo") is None


def test_split_counts_the_lines_before_the_body() -> None:
    assert split("---\na: 1\n---\n# T\n") == ("a: 1", "# T\n", 3)
    assert split("# T\n") == (None, "# T\n", 0)
