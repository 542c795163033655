"""Broken apps: the file that tells them, and the app that they are made of."""

from pathlib import Path

import pytest

from checker.catalog.bugs import read_bugs
from checker.errors import CurriculumError

TEXT = """
[[bug]]
id = "no_title"
task = "test_books"
says = "The app forgets the title"
edits = [{ file = "library/app.py", find = "title", replace = "name" }]
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """Give a lab with an app, a test file to fill and a text."""
    for name, text in {
        "library/app.py": "title = 1\n# each region counts\n",
        "tests/test_books.py": "# region test_books: Tests.\n# endregion\n",
        "books.txt": "Emma\n",
    }.items():
        (tmp_path / "lab" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lab" / name).write_text(text)
    return tmp_path / "lab"


def test_the_app_is_what_holds_no_region(lab: Path, tmp_path: Path) -> None:
    (tmp_path / "bugs.toml").write_text(TEXT)
    bugs = read_bugs(tmp_path / "bugs.toml", lab)
    assert bugs is not None
    assert set(bugs.given) == {"library/app.py", "books.txt"}
    assert [bug.id for bug in bugs.of_task("test_books")] == ["no_title"]
    assert bugs.of_task("other") == ()
    broken = bugs.broken(bugs.bug[0].edits)
    assert broken["library/app.py"].startswith(b"name = 1")
    assert bugs.given["library/app.py"].startswith(b"title = 1")


def test_most_topics_have_none(lab: Path, tmp_path: Path) -> None:
    assert read_bugs(tmp_path / "bugs.toml", lab) is None


@pytest.mark.parametrize(
    "text, words",
    [
        ("[[bug", "is not TOML"),
        (TEXT.replace("no_title", "No Title"), "bug.0.id"),
        (TEXT.replace("forgets the title", "forgets."), "bug.0.says"),
        (TEXT + "when = 1\n", "bug.0.when"),
    ],
)
def test_a_malformed_file_is_named(lab: Path, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bugs.toml").write_text(text)
    with pytest.raises(CurriculumError, match=r"^bugs.toml: ") as caught:
        read_bugs(tmp_path / "bugs.toml", lab)
    assert words in caught.value.message
