"""Ruff and mypy over a place, once."""

import pytest

from checker.authoring import lint
from checker.authoring.lint import lint_topics
from checker.authoring.subject import Subject
from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from tests.authoring.edits import replace_in


def test_findings_name_the_topic_the_line_and_the_tool(
    catalog: Catalog, books: Subject, loans: Subject
) -> None:
    replace_in(books.rooms.solution / "app.py", "app = FastAPI()", "app = FastAPI()\nX: int = 'a'")
    replace_in(books.rooms.lab / "app.py", "import FastAPI", "import  FastAPI")
    right = loans.rooms.answers / "right" / "class_store" / "app.py"
    right.write_text("import os\n\nprint(1)\n")
    found = lint_topics(catalog, [books.topic, loans.topic])
    assert set(found) == {"5.1.1", "5.1.2"}
    in_books, in_loans = "\n".join(found["5.1.1"]), "\n".join(found["5.1.2"])
    assert "solutions/s01_shelf/t01_books/app.py:6: Incompatible types" in in_books
    assert "(mypy assignment)" in in_books
    assert "labs/s01_shelf/t01_books/app.py:3: File would be reformatted (ruff unformatted)" in (
        in_books
    )
    assert "right/class_store/app.py:1: `os` imported but unused (ruff F401)" in in_loans


def test_sound_tree_has_no_findings(catalog: Catalog, books: Subject) -> None:
    assert lint_topics(catalog, [books.topic]) == {"5.1.1": []}


def test_file_that_does_not_parse_is_a_finding(catalog: Catalog, books: Subject) -> None:
    (books.rooms.lab / "app.py").write_text("def f(:\n")
    found = "\n".join(lint_topics(catalog, [books.topic])["5.1.1"])
    assert "(mypy syntax)" in found
    assert "labs/s01_shelf/t01_books/app.py:1" in found


def test_nothing_asked_runs_nothing(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(lint, "_run", fail)
    assert lint_topics(catalog, []) == {}


def test_missing_tool_is_a_fault_of_the_environment(
    catalog: Catalog, books: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settings(_: object) -> object:
        return books.root / "none.toml"

    monkeypatch.setattr(lint, "_settings", settings)
    with pytest.raises(EnvironmentFaultError) as caught:
        lint_topics(catalog, [books.topic])
    assert caught.value.message.startswith("ruff could not run: ")
    assert caught.value.remedy
