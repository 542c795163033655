"""Point 1 and stray files."""

from pathlib import Path

import pytest

from checker.authoring.rooms import check_rooms, covered_focus
from checker.authoring.subject import Subject, load_subject
from checker.authoring.tree import stray_files
from checker.catalog import Catalog
from tests.authoring.edits import replace_in

LESSON = "curriculum/s01_shelf/t01_books.md"


def reread(subject: Subject) -> Subject:
    """Read a topic again after its files were changed."""
    catalog = Catalog()
    return load_subject(catalog, catalog.find(subject.topic.id))


def test_sound_topic_has_no_problem(books: Subject, loans: Subject) -> None:
    assert check_rooms(books) == []
    assert check_rooms(loans) == []
    assert covered_focus(books) == {"listing", "finding", "shelf marks"}


@pytest.mark.parametrize(
    "old,new,problem",
    [
        ("# 5.1.1 Books on the Shelf", "# Books", "make `# 5.1.1 Books on the Shelf` its only"),
        ("## What a shelf", "# What a shelf", "make `# 5.1.1 Books on the Shelf` its only heading"),
        ("## Sources", "## Links", "end it with the headings `## Remember` and `## Sources`."),
        ("shelf marks: What", "listing: What", "cover the focus item 'shelf marks' by a task"),
        ("    covers: [finding]", "    covers: []", "say under `covers` which focus items"),
        (
            "In `app.py`: `GET /books/{book_id}` answers 200 with the book, or 404",
            "### More\n",
            "state the task find_book below its heading.",
        ),
        (
            "      - text: HTTPException carries a status code.\n",
            "",
            "give the task find_book 2 to 4 hints, it has 1.",
        ),
    ],
)
def test_each_fault_of_a_lesson_is_named(books: Subject, old: str, new: str, problem: str) -> None:
    replace_in(books.rooms.lesson, old, new)
    problems = check_rooms(reread(books))
    assert any(found.startswith(f"{LESSON}: {problem}") for found in problems), problems


def test_stray_answers_are_named(books: Subject) -> None:
    (books.rooms.answers / "notes.txt").write_text("")
    (books.rooms.answers / "right" / "loose.py").write_text("")
    assert check_rooms(books) == [
        "tests/answers/s01_shelf/t01_books/notes.txt is no answer: "
        "move it into right/<name>/ or remove it.",
        "tests/answers/s01_shelf/t01_books/right/loose.py is no answer: "
        "move it into right/<name>/ or remove it.",
    ]


def test_sound_tree_has_no_stray_file(catalog: Catalog) -> None:
    assert stray_files(catalog) == []


@pytest.mark.parametrize(
    "name",
    [
        "curriculum/s01_shelf/t09_old.md",
        "curriculum/s01_shelf/notes.txt",
        "curriculum/s02_gone/README.md/x",
        "labs/s01_shelf/t09_old/app.py",
        "labs/app.py",
        "solutions/s01_shelf/loose.py",
        "notebooks/s01_shelf/t09_old.ipynb",
        "notebooks/s01_shelf/t01_books.html",
        "checker/suites/s01_shelf/conftest.py",
        "checker/suites/s01_shelf/test_t09_old.py",
        "tests/answers/s01_shelf/t09_old/wrong.toml",
    ],
)
def test_file_of_no_topic_is_stray_in_every_room(catalog: Catalog, tiny: Path, name: str) -> None:
    (tiny / name).parent.mkdir(parents=True, exist_ok=True)
    (tiny / name).write_text("")
    assert stray_files(catalog) == [f"{name} belongs to no topic: move or remove it."]


def test_caches_and_explanations_are_not_stray(catalog: Catalog, tiny: Path) -> None:
    for name in (
        "labs/s01_shelf/__pycache__/x.pyc",
        "notebooks/.ipynb_checkpoints/x.ipynb",
        "labs/README.md",
        "checker/suites/__init__.py",
    ):
        (tiny / name).parent.mkdir(parents=True, exist_ok=True)
        (tiny / name).write_text("")
    assert stray_files(catalog) == []
