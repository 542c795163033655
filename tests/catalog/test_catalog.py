"""Topics are found by any of their names; a wrong name is answered with the nearest ones."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from checker.catalog import Catalog, Layout
from checker.errors import CurriculumError, ExitCode, UsageError


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Read the curriculum of this repository."""
    monkeypatch.delenv("CHECKER_ROOT", raising=False)
    return Catalog()


def test_outline_holds_the_whole_specification(real: Catalog) -> None:
    assert len(real.sections) == 12
    assert len(real.topics) == 96
    assert sum(len(topic.focus) for topic in real.topics) == 511
    assert real.paths[0].steps[0].sections == ("5.1", "5.2", "5.3")


@pytest.mark.parametrize(
    "name",
    [
        "5.1.2",
        "1.2",
        "t02_path_operations",
        "path_operations",
        "Path Operations Basics",
        "s01_fundamentals/t02_path_operations",
        "s01_fundamentals\\t02_path_operations",
        "workspace/s01_fundamentals/t02_path_operations/app.py",
        "curriculum/s01_fundamentals/t02_path_operations.md",
        " 5.1.2 ",
    ],
)
def test_topic_is_found_by_each_of_its_names(real: Catalog, name: str) -> None:
    assert real.find(name).id == "5.1.2"


@pytest.mark.parametrize(
    "name, nearest",
    [
        ("pth_operations", "5.1.2"),
        ("5.1.9", "5.1."),
        ("zzzz", "checker list"),
        ("", "checker list"),
    ],
)
def test_unknown_topic_names_the_nearest(real: Catalog, name: str, nearest: str) -> None:
    with pytest.raises(UsageError) as caught:
        real.find(name)
    assert caught.value.exit_code == ExitCode.USAGE
    assert nearest in caught.value.remedy


def test_name_of_two_topics_is_refused_with_their_numbers(tiny: Path) -> None:
    outline = tiny / "curriculum" / "outline.toml"
    outline.write_text(outline.read_text().replace('"t03_fines"', '"t03_loans"'))
    with pytest.raises(UsageError, match="more than one") as caught:
        Catalog().find("loans")
    assert "5.1.2" in caught.value.remedy
    assert "5.1.3" in caught.value.remedy
    with pytest.raises(UsageError, match="more than one"):
        Catalog().place("loans")


@pytest.mark.parametrize(
    "name, count",
    [("5.1", 8), ("1", 8), ("s01_fundamentals", 8), ("fundamentals", 8), ("all", 96), ("1.2", 1)],
)
def test_place_is_a_topic_a_section_or_all(real: Catalog, name: str, count: int) -> None:
    assert len(real.place(name)) == count


def test_unknown_place_offers_sections_too(real: Catalog) -> None:
    with pytest.raises(UsageError, match="no section or topic") as caught:
        real.place("fundamentls")
    assert "5.1 s01_fundamentals" in caught.value.remedy


def test_written_topics_have_a_lesson_and_others_are_coming(catalog: Catalog) -> None:
    assert [topic.id for topic in catalog.written] == ["5.1.1", "5.1.2"]
    with pytest.raises(UsageError, match="not written yet"):
        catalog.lesson(catalog.find("fines"))


def test_rooms_share_one_address(catalog: Catalog, tiny: Path) -> None:
    rooms = catalog.rooms(catalog.find("books"))
    assert rooms.lesson == tiny / "curriculum/s01_shelf/t01_books.md"
    assert rooms.lab == tiny / "labs/s01_shelf/t01_books"
    assert rooms.solution == tiny / "solutions/s01_shelf/t01_books"
    assert rooms.suite == tiny / "checker/suites/s01_shelf/test_t01_books.py"
    assert rooms.notebook == tiny / "notebooks/s01_shelf/t01_books.ipynb"
    assert rooms.answers == tiny / "tests/answers/s01_shelf/t01_books"


def test_layout_of_a_wheel_has_no_answers(tiny: Path) -> None:
    layout = Layout(content=tiny, suites=tiny / "checker/suites", answers=None)
    catalog = Catalog(layout)
    assert layout.environment() == {}
    assert not catalog.rooms(catalog.topics[0]).answers.exists()
    assert catalog.lesson(catalog.topics[0]).tasks


def test_root_without_an_outline_is_the_users_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKER_ROOT", str(tmp_path))
    with pytest.raises(UsageError, match="CHECKER_ROOT"):
        Catalog()


def test_lesson_gives_tasks_checks_hints_limits_and_lab(catalog: Catalog) -> None:
    lesson = catalog.lesson(catalog.find("books"))
    assert [task.id for task in lesson.tasks] == ["list_books", "find_book"]
    assert lesson.tasks[0].points == 2
    assert lesson.tasks[0].hints[0].when == ("not_found",)
    assert [check.id for check in lesson.tasks[1].checks] == [
        "test_a_book_is_found_by_its_id",
        "test_an_unknown_book_is_a_404",
    ]
    assert lesson.tasks[0].checks[0].title == "GET /books lists every book."
    assert lesson.headings == {"shelf marks": "What a shelf mark is"}
    assert lesson.lab.env == {"SHELF": "A"}
    assert (lesson.limits.request, lesson.limits.topic) == (2.0, 30.0)
    assert lesson.body.startswith("# 5.1.1 Books on the Shelf\n")


def test_lesson_is_read_once(catalog: Catalog) -> None:
    topic = catalog.find("books")
    assert catalog.lesson(topic) is catalog.lesson(topic)


def test_statement_is_the_text_below_the_tasks_heading(catalog: Catalog) -> None:
    topic = catalog.find("books")
    assert catalog.statement(topic, "find_book") == (
        "In `app.py`: `GET /books/{book_id}` answers 200 with the book, or 404 for an unknown id."
    )
    with pytest.raises(UsageError, match="no task 'eat_book'"):
        catalog.statement(topic, "eat_book")


def test_digest_changes_with_statement_and_suite_only(tiny: Path) -> None:
    def digest() -> str:
        catalog = Catalog()
        return catalog.digest(catalog.find("books"))

    lesson = tiny / "curriculum/s01_shelf/t01_books.md"
    suite = tiny / "checker/suites/s01_shelf/test_t01_books.py"
    first = digest()
    lesson.write_text(lesson.read_text().replace("A model that answers", "Any model that answers"))
    suite.write_bytes(suite.read_bytes().replace(b"\n", b"\r\n"))
    assert digest() == first
    lesson.write_text(lesson.read_text().replace("or 404 for", "or 410 for"))
    second = digest()
    assert second != first
    suite.write_text(suite.read_text().replace("999", "998"))
    assert digest() != second


def test_catalog_imports_nothing_heavy() -> None:
    code = (
        "import sys; from checker.catalog import Catalog; c = Catalog(); c.lesson(c.written[0]);"
        "print([m for m in ('pydantic', 'pytest', 'fastapi', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('title = "Loans"\n', "", r"topics\[1\].title: is missing"),
        ('title = "Loans"\n', "title = 3\n", r"topics\[1\].title: must be text, not 3"),
        ('id = "5.1.2"', 'id = "5.1.1"', "5.1.1 appears twice"),
        ('id = "5.1.2"', 'id = "5.2.2"', "does not begin with its section's 5.1"),
        ('"lending", "returning"', '"lending", "lending"', "an item appears twice"),
        ('sections = ["5.1"]', 'sections = ["5.9"]', "there is no section 5.9"),
        ('slug = "t02_loans"', 'slog = "t02_loans"', r"topics\[1\].slog: unknown key"),
        ("[[paths]]", "[[path]]", "path: unknown key"),
        ("[[paths]]", "[[paths", "not valid TOML"),
        ('focus = ["counting days"]', 'focus = "counting days"', "focus: must be a list, not text"),
        ('focus = ["counting days"]', "focus = [7]", r"focus\[0\]: must be text, not 7"),
    ],
)
def test_malformed_outline_names_file_and_key(tiny: Path, old: str, new: str, message: str) -> None:
    outline = tiny / "curriculum" / "outline.toml"
    assert old in outline.read_text()
    outline.write_text(outline.read_text().replace(old, new))
    with pytest.raises(CurriculumError, match=re.compile(f"curriculum/outline.toml: .*{message}")):
        Catalog()


def test_missing_outline_of_an_installation_asks_to_reinstall(tmp_path: Path) -> None:
    with pytest.raises(CurriculumError) as caught:
        Catalog(Layout(content=tmp_path, suites=tmp_path, answers=None))
    assert caught.value.remedy == "Reinstall the workbook."
