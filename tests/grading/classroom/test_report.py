"""The points of a repository, as the command of its own workflow reports them."""

import base64
import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from typer.testing import CliRunner, Result

from checker.catalog import Catalog
from checker.cli.main import app
from checker.errors import EnvironmentFaultError, ExitCode
from checker.grading.classroom import points
from checker.grading.classroom.host import Host
from checker.grading.classroom.repository import book_exit_code, judged_repository
from checker.grading.gradebook import Gradebook
from checker.grading.model import State
from checker.kinds import Verdict

Checker = Callable[..., Result]
SHELF = Path("s01_shelf")


@pytest.fixture
def checker(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checker:
    """Give a function that runs `checker` in the folder of Ada's repositories."""
    assert catalog.written
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTOR", "ada")
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CHECKER_SANDBOX"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(app, list(words), prog_name="checker")


@pytest.fixture
def repository(checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make Ada's repository and go there."""
    made = checker("classroom", "init", "ada")
    assert made.exit_code == 0
    assert "2 topics" in made.output
    assert "`checker grade` gives those that count" in made.output
    monkeypatch.chdir(tmp_path / "ada")
    return tmp_path / "ada"


def command(repository: Path) -> list[str]:
    """Give the words of the command that the workflow runs."""
    workflow = yaml.safe_load((repository / Host.GITHUB.workflow).read_text())
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    words = shlex.split(next(step for step in steps if step.get("id") == "checker")["run"])
    assert words.pop(0) == "checker"
    return words


def solve(catalog: Catalog, number: int, repository: Path) -> None:
    """Put a solution into the repository."""
    topic = catalog.written[number]
    target = repository / topic.section_slug / topic.slug
    shutil.copytree(catalog.rooms(topic).solution, target, dirs_exist_ok=True)


def total(results: dict[str, Any]) -> tuple[float, float]:
    """Add up as the reporter does."""
    return sum(test["score"] for test in results["tests"]), results["max_score"]


def test_the_workflow_reports_points(
    checker: Checker,
    catalog: Catalog,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solve(catalog, 0, repository)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "outputs").write_text("other=1\n")
    done = checker(*command(repository))
    assert done.exit_code == ExitCode.FAILED
    first, second = (catalog.lesson(topic).tasks for topic in catalog.written)
    earned, offered = sum(one.points for one in first), sum(one.points for one in (*first, *second))

    lines = (tmp_path / "outputs").read_text().splitlines()
    assert lines[0] == "other=1"
    results = json.loads(base64.b64decode(lines[1].removeprefix("result="), validate=True))
    assert (len(lines), results["status"], total(results)) == (2, "fail", (earned, offered))
    assert len(results["tests"]) == len(first) + len(second)

    assert f"| **All** | | **{earned}** | **{offered}** |" in (tmp_path / "summary.md").read_text()
    *_, complete, report = done.output.strip().splitlines()
    assert complete == f"::notice title=Autograding complete::Points {earned}/{offered}"
    said = report.removeprefix("::notice title=Autograding report::")
    assert json.loads(said) == {"totalPoints": earned, "maxPoints": offered}

    suites = ElementTree.parse(repository / "junit.xml").getroot()
    names = {case.get("classname") for case in suites.iter("testcase")}
    assert names == {"ada.5.1.1", "ada.5.1.2"}
    failed = [case.get("classname") for case in suites.iter("testcase") if len(case)]
    assert set(failed) == {"ada.5.1.2"}


def test_what_learners_code_says_is_no_workflow_command(
    checker: Checker, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = "::notice title=Autograding report::{}"
    text = f"import sys\nsys.stderr.write('{forged}\\n')\nraise RuntimeError('\\n{forged}')\n"
    (repository / SHELF / "t01_books" / "app.py").write_text(text)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    done = checker(*command(repository))
    assert done.exit_code == ExitCode.BROKEN
    stop, *inside = done.output.splitlines()
    token = stop.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    after = inside[inside.index(f"::{token}::") + 1 :]
    assert [line for line in after if "Autograding report" in line] == [after[-1]]
    assert '"totalPoints":0' in after[-1]


def test_all_passed_is_exit_0_and_text_needs_no_workflow(
    checker: Checker, catalog: Catalog, repository: Path
) -> None:
    solve(catalog, 0, repository)
    solve(catalog, 1, repository)
    done = checker("classroom", "report")
    assert done.exit_code == ExitCode.PASSED
    assert "UNTRUSTED: code ran without a sandbox" in done.output
    assert "A preview: your instructor judges the files again" in done.output
    assert re.search(r"^Points (\d+)/\1$", done.output, re.M)
    assert "::" not in done.output


def test_a_topic_that_was_removed_earns_nothing_and_still_counts(
    checker: Checker, catalog: Catalog, repository: Path
) -> None:
    solve(catalog, 1, repository)
    shutil.rmtree(repository / SHELF / "t01_books")
    done = checker("classroom", "report", "--topics", "5.1")
    assert done.exit_code == ExitCode.FAILED
    assert re.search(r"^5\.1\.1 .*: absent, 0 of [1-9]\d* points$", done.output, re.M)
    there = checker("classroom", "report")
    assert there.exit_code == ExitCode.PASSED
    assert "5.1.1" not in there.output


def test_mistakes_of_the_command_line_are_told(checker: Checker, repository: Path) -> None:
    shutil.rmtree(repository / SHELF)
    for words, says in {
        ("report",): "There is no lab in",
        ("report", "--format", "github"): "names none",
        ("report", "--topics", "5.1.9"): "no section or topic '5.1.9'",
        ("init", "other", "--topics", "5.2"): "There is no section or topic '5.2'",
        ("init", "."): "not empty; nothing was written",
        ("init", "other", "--install", "fastapi-workbook"): "fixes no version",
    }.items():
        done = checker("classroom", *words)
        assert done.exit_code == ExitCode.USAGE, words
        assert says in done.stderr
        assert len(done.stderr.strip().splitlines()) == 2, "message and remedy"
    assert not (repository / "other").exists()


def test_init_tells_programs_what_it_made(checker: Checker, tmp_path: Path) -> None:
    done = checker("classroom", "init", "new", "--host", "gitlab", "--topics", "5.1.2", "--json")
    told = json.loads(done.output)
    assert told["topics"] == ["5.1.2"]
    files = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert sorted(path.relative_to(tmp_path / "new").as_posix() for path in files) == sorted(
        told["files"]
    )
    assert ".gitlab-ci.yml" in told["files"]


def with_cell(book: Gradebook, **changes: Any) -> Gradebook:  # noqa: ANN401
    """Change the first cell."""
    row = book.rows[0]
    cells = {**row.cells, "5.1.1": replace(row.cells["5.1.1"], **changes)}
    return replace(book, rows=(replace(row, cells=cells),))


def test_exit_code_is_that_of_the_worst_topic(
    catalog: Catalog, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(catalog, 0, repository)
    solve(catalog, 1, repository)
    topics = catalog.written
    with judged_repository(catalog, repository, topics, student="ada", seed=7) as book:
        assert book.seed == 7
        assert book_exit_code(book) == ExitCode.PASSED
        error = with_cell(book, state=State.ERROR, verdict=Verdict.ERROR, earned={})
        assert book_exit_code(error) == ExitCode.FAULT
        assert book_exit_code(with_cell(book, verdict=Verdict.BROKEN)) == ExitCode.BROKEN
        assert book_exit_code(with_cell(book, verdict=Verdict.TIMEOUT)) == ExitCode.FAILED
        assert "5.1.1 Books on the Shelf: error, 0 of 3" in points.points_text(error)
        trusted = replace(book, trusted=True)
        assert "UNTRUSTED" not in points.points_text(trusted)
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        with pytest.raises(EnvironmentFaultError, match="cannot be written"):
            points.hand_on(book, tmp_path)


def test_files_that_cannot_be_read_are_told(
    catalog: Catalog, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder / "app.py"))

    monkeypatch.setattr("checker.grading.classroom.repository.read_tree", refuse)
    with (
        pytest.raises(EnvironmentFaultError, match=r"app\.py cannot be read: Permission denied"),
        judged_repository(catalog, repository, catalog.written, student="ada"),
    ):
        pass
