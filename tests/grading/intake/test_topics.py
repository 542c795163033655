"""Which topic a file belongs to, by names and by what it is, and what is flagged."""

from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.grading.intake import limits
from checker.grading.model import FindingKind
from tests.grading.intake.downloads import (
    BOOKS,
    BOOKS_APP,
    LOANS,
    LOANS_APP,
    WORK,
    Reading,
    put,
    zip_of,
)


@pytest.mark.parametrize(
    "folder",
    [
        *("5.1.2", "Lab 5-1-2", "homework_5.1.2", "t02_loans", "T02_Loans", "s01_shelf_t02_loans"),
        *("1.2", "loans", "Loans", "t02-loans", "5.1.2 (1)", "t02_loans-1", "5.1.2 - copy"),
        "anything/t02_loans",
    ],
)
def test_folder_named_by_a_topic(tmp_path: Path, catalog: Catalog, folder: str) -> None:
    put(tmp_path / "all" / "ada", {f"{folder}/app.py": b"x = 1\n", f"{folder}/a/b.py": b""})
    put(tmp_path / "all", {"ben.zip": zip_of({f"{folder}/app.py": b"x = 1\n"})})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.submission("ada").topics == {"5.1.2": {"app.py": b"x = 1\n", "a/b.py": b""}}
    assert reading.topics("ben") == ["5.1.2"]


def test_lone_files_are_known_by_their_regions(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", {"app.py": LOANS_APP})
    put(tmp_path / "all" / "ben", {"lab/src/app.py": BOOKS_APP, "lab/src/more.py": b""})
    put(tmp_path / "all" / "cleo", {"one/app.py": BOOKS_APP, "two/app.py": LOANS_APP})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.submission("ada").topics == {"5.1.2": {"app.py": LOANS_APP}}
    assert reading.submission("ben").topics == {"5.1.1": {"app.py": BOOKS_APP, "more.py": b""}}
    assert reading.submission("cleo").topics == {
        "5.1.1": {"app.py": BOOKS_APP},
        "5.1.2": {"app.py": LOANS_APP},
    }


def test_lone_files_are_known_by_the_files_of_a_lab(
    tmp_path: Path, tiny: Path, catalog: Catalog
) -> None:
    put(tiny / "labs" / LOANS, {"library/loans.py": b"", "library/__init__.py": b""})
    put(tmp_path / "all" / "ada", dict.fromkeys(("app.py", "library/loans.py"), b""))
    put(tmp_path / "all" / "ben", {"loans.py": b"# region lend_book: x\n", "app-1.py": b""})
    put(
        tmp_path / "all" / "cleo",
        {f"x/{name}": b"" for name in ("app.py", "library/loans.py", "library/__init__.py")},
    )
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("cleo") == ["5.1.2"]
    assert set(reading.submission("ben").topics["5.1.2"]) == {"library/loans.py", "app.py"}
    assert reading.refusals("ada") == []
    assert reading.topics("ada") == ["5.1.1"]


def test_code_that_was_not_handed_in_is_said(tmp_path: Path, tiny: Path, catalog: Catalog) -> None:
    put(tiny / "labs" / LOANS, {f"library/{name}.py": b"" for name in "abcd"})
    put(tmp_path / "all" / "ada" / LOANS, {"app.py": LOANS_APP, "library/d.py": b""})
    put(tmp_path / "all" / "ben" / LOANS, {"library/d.py": b""})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.words("ada") == (
        "5.1.2 lacks library/a.py, library/b.py, library/c.py; it is judged without."
    )
    assert "app.py, library/a.py, library/b.py and 1 more" in reading.words("ben")
    assert reading.topics("ben") == ["5.1.2"]


def test_lone_file_that_may_be_any_topic_is_said(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", {"app.py": b"x = 1\n"})
    put(tmp_path / "all" / "ben", {"main.py": b"x = 1\n"})
    put(tmp_path / "all" / "cleo", {"essay.pdf": b"%PDF"})
    put(tmp_path / "all" / "eve", {f"{number}.py": LOANS_APP for number in range(501)})
    (tmp_path / "all" / "dan").mkdir()
    reading = Reading(tmp_path / "all", catalog)
    assert "app.py could belong to 5.1.1, 5.1.2" in reading.words("ada")
    assert "main.py belongs to no topic" in reading.words("ben")
    assert "no Python file, only essay.pdf" in reading.words("cleo")
    assert "501 Python files, but no topic's folder" in reading.words("eve")
    assert "dan has no topic's folder" in reading.words("dan")
    for student in reading.ids:
        assert reading.refusals(student) == [(FindingKind.NOTHING_FOUND, None)]
        assert reading.submission(student).topics == {}


def test_topic_that_is_there_twice(tmp_path: Path, catalog: Catalog) -> None:
    put(
        tmp_path / "all" / "ada",
        {
            f"workspace/{BOOKS}/app.py": BOOKS_APP,
            f"labs/{BOOKS}/app.py": b"starter",
            f"solutions/{BOOKS}/app.py": b"solution",
        },
    )
    put(tmp_path / "all" / "ben", {f"{one}/{LOANS}/app.py": b"" for one in ("a", "b")})
    put(tmp_path / "all" / "cleo", {"a/app.py": LOANS_APP, "b/app.py": LOANS_APP})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.submission("ada").topics == {"5.1.1": {"app.py": BOOKS_APP}}
    assert reading.notes("ada") == [FindingKind.SUBMITTED_TWICE]
    assert f"workspace/{BOOKS} counts" in reading.words("ada")
    assert reading.refusals("ben") == [(FindingKind.SUBMITTED_TWICE, "5.1.2")]
    assert reading.topics("ben") == []
    assert reading.refusals("cleo") == [(FindingKind.SUBMITTED_TWICE, "5.1.2")]
    assert reading.topics("cleo") == []


def test_folders_that_are_no_topic_are_flagged(tmp_path: Path, catalog: Catalog) -> None:
    put(
        tmp_path / "all" / "ada",
        {
            **{f"repo/{path}": content for path, content in WORK.items()},
            "repo/README.md": b"",
            "repo/notes/a.md": b"",
            "repo/s01_shelf/t09_mine/app.py": b"",
            "repo/s01_shelf/t03_fines/app.py": b"",
            "repo/try.py": b"",
            "repo/checker/x.py": b"",
            "repo/curriculum/outline.toml": b"",
            "repo/.github/workflows/x.yml": b"",
        },
    )
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == ["5.1.1", "5.1.2"]
    assert set(reading.words("ada").splitlines()) == {
        "repo/s01_shelf/t03_fines is for 5.1.3, which this workbook does not judge yet.",
        "repo/notes is no topic and was left out.",
        "repo/s01_shelf/t09_mine is no topic and was left out.",
        "repo/try.py lies in no topic and was left out.",
    }
    assert reading.refusals("ada") == []


@pytest.mark.parametrize(
    "name, kind",
    [
        ("conftest.py", FindingKind.TEST_SETTINGS),
        ("tests/conftest.py", FindingKind.TEST_SETTINGS),
        ("pytest.ini", FindingKind.TEST_SETTINGS),
        ("tox.ini", FindingKind.TEST_SETTINGS),
        ("setup.cfg", FindingKind.TEST_SETTINGS),
        ("sitecustomize.py", FindingKind.STARTUP_CODE),
        ("usercustomize/__init__.py", FindingKind.STARTUP_CODE),
        ("evil.pth", FindingKind.STARTUP_CODE),
        ("requirements.txt", FindingKind.REQUIREMENTS),
        ("requirements-dev.txt", FindingKind.REQUIREMENTS),
        ("uv.lock", FindingKind.REQUIREMENTS),
        ("results.json", FindingKind.RESULT_FILE),
        ("results.xml", FindingKind.RESULT_FILE),
        ("out/junit.xml", FindingKind.RESULT_FILE),
        ("grades_final.csv", FindingKind.RESULT_FILE),
    ],
)
def test_files_to_look_at_are_flagged_unless_the_lab_has_them(
    tmp_path: Path, tiny: Path, catalog: Catalog, name: str, kind: FindingKind
) -> None:
    put(tiny / "labs" / LOANS, {name: b"given"})
    put(tmp_path / "all" / "ada", {**WORK, f"{BOOKS}/{name}": b"", f"{LOANS}/{name}": b"given"})
    put(tmp_path / "all" / "ben", {**WORK, name: b""})
    reading = Reading(tmp_path / "all", catalog)
    [found] = reading.of("ada")
    assert (found.kind, found.topic, found.refused) == (kind, "5.1.1", False)
    assert f"{BOOKS}/{name}" in found.message
    assert kind in reading.notes("ben")
    assert reading.topics("ben") == ["5.1.1", "5.1.2"]


def test_ordinary_files_are_not_flagged(tmp_path: Path, catalog: Catalog) -> None:
    names = (
        "results.py",
        "library/scores.py",
        "data.json",
        "pyproject.toml",
        "test_app.py",
        ".env",
    )
    put(tmp_path / "all" / "ada", {**WORK, **{f"{BOOKS}/{name}": b"" for name in names}})
    assert Reading(tmp_path / "all", catalog).of("ada") == []


def test_changed_settings_are_flagged(tmp_path: Path, tiny: Path, catalog: Catalog) -> None:
    given = {"requirements.txt": b"fastapi\n", "pyproject.toml": b"[tool.pytest]\n"}
    put(tiny / "labs" / BOOKS, given)
    changed = {"requirements.txt": b"fastapi\nevil\n", "pyproject.toml": b"[tool.pytest]\nx=1\n"}
    put(tmp_path / "all" / "ada" / BOOKS, {"app.py": b"", **changed})
    put(tmp_path / "all" / "ada" / LOANS, {"app.py": b"", "pyproject.toml": b"[tool.pytest]\n"})
    put(
        tmp_path / "all" / "ben" / BOOKS,
        {"app.py": b"", **given, "requirements.txt": b"fastapi\r\n"},
    )
    reading = Reading(tmp_path / "all", catalog)
    assert [(one.kind, one.topic) for one in reading.of("ada")] == [
        (FindingKind.REQUIREMENTS, "5.1.1"),
        (FindingKind.TEST_SETTINGS, "5.1.2"),
    ]
    assert reading.of("ben") == []


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbfx = 1", "x = 1".encode("utf-16"), b"x = '\0'", b"def (", b"\xff"]
)
def test_any_content_is_left_to_the_judge(tmp_path: Path, catalog: Catalog, content: bytes) -> None:
    put(tmp_path / "all" / "ada", {**WORK, f"{BOOKS}/app.py": content})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.submission("ada").topics["5.1.1"] == {"app.py": content}
    assert reading.of("ada") == []


def test_equal_files_of_a_class_are_kept_once(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", WORK)
    put(tmp_path / "all" / "ben", WORK)
    reading = Reading(tmp_path / "all", catalog)
    trees = [reading.submission(one).topics["5.1.1"] for one in ("ada", "ben")]
    assert trees[0]["app.py"] is trees[1]["app.py"]
    assert limits.SUBMISSION_BYTES == 20_000_000


def test_topic_without_a_file_that_can_be_taken_is_refused(
    tmp_path: Path, catalog: Catalog
) -> None:
    put(tmp_path / "all" / "ada", {f"{BOOKS}/app.zip": b"", f"{LOANS}/app.py": LOANS_APP})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.refusals("ada") == [(FindingKind.NOTHING_FOUND, "5.1.1")]
    assert reading.topics("ada") == ["5.1.2"]
