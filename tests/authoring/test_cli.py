"""The commands of `checker author`, in this process and as one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.authoring.cli import app
from checker.catalog import Layout
from checker.errors import UsageError
from tests.authoring.edits import replace_in

STATIC = ["--only", "rooms", "--only", "regions"]


@pytest.fixture
def runner(tiny: Path) -> CliRunner:
    """Run commands on the tiny curriculum."""
    assert tiny.is_dir()
    return CliRunner()


def test_verify_prints_json_and_fails_where_something_is_left(runner: CliRunner) -> None:
    result = runner.invoke(app, ["verify", "5.1.1", "--json", *STATIC])
    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(data) == {"ok", "topics", "problems", "notes"}
    assert set(data["topics"][0]) == {
        "id",
        "ok",
        "tasks",
        "focus_items",
        "focus_covered",
        "wrong_answers",
        "right_answers",
        "problems",
    }
    assert data["ok"] is False


def test_verify_ends_with_0_where_all_is_proven(runner: CliRunner) -> None:
    assert runner.invoke(app, ["notebooks", "5.1.1"]).exit_code == 0
    result = runner.invoke(app, ["verify", "5.1.1", *STATIC])
    assert result.stdout.splitlines()[-1].endswith("all proven")
    assert result.exit_code == 0


def test_notebooks_check_fails_where_one_is_missing(runner: CliRunner) -> None:
    result = runner.invoke(app, ["notebooks", "5.1.1", "--check"])
    assert result.exit_code == 1
    assert "is missing; run `checker author notebooks 5.1.1`." in result.stdout


def test_new_lists_what_it_made(runner: CliRunner, tiny: Path) -> None:
    result = runner.invoke(app, ["new", "5.1.3"])
    assert result.exit_code == 0
    assert "labs/s01_shelf/t03_fines/app.py\n" in result.stdout
    assert (tiny / "labs/s01_shelf/t03_fines/app.py").exists()


def test_package_without_answers_is_refused(
    runner: CliRunner, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(content=tiny, suites=tiny / "checker" / "suites", answers=None)
    monkeypatch.setattr(Layout, "discover", lambda: layout)
    result = runner.invoke(app, ["verify"])
    assert isinstance(result.exception, UsageError)
    assert "need a clone of the repository" in result.exception.message


@pytest.mark.parametrize(
    "words,code",
    [
        (["verify", "9.9"], 2),
        (["verify", "--only", "nothing"], 2),
        (["new", "5.1.1"], 2),
        (["new", "5.1.3"], 0),
        (["notebooks", "5.1.3"], 2),
        (["verify", "5.1.2", *STATIC], 1),
    ],
)
@pytest.mark.usefixtures("tiny")
def test_exit_codes_of_the_process(words: list[str], code: int) -> None:
    command = [sys.executable, "-m", "checker", "author", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_failing_cell_is_reported_and_fails(runner: CliRunner, tiny: Path) -> None:
    replace_in(tiny / "curriculum/s01_shelf/t02_loans.md", "print(201, 204)", "print(x)")
    result = runner.invoke(app, ["notebooks", "5.1.2"])
    assert result.exit_code == 1
    assert "the cell raised NameError" in result.stdout
