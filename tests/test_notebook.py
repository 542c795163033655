"""A notebook cell checks the workspace, or the starter, and shows the verdict or the trouble."""

from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.kinds import Verdict
from checker.notebook import Checked, Trouble, check, run_commands, run_tests
from checker.workspace import Workspace


def test_starter_is_checked_without_a_workspace(catalog: Catalog) -> None:
    checked = check("books", seed=3)
    assert isinstance(checked, Checked)
    assert (checked.report.verdict, checked.report.seed) == (Verdict.FAILED, 3)
    assert "5.1.1 Books on the Shelf: failed" in repr(checked)
    assert checked._repr_markdown_().startswith("```text\n5.1.1")
    assert "<b>5.1.1 Books on the Shelf: failed</b>" in checked._repr_html_()
    assert not Workspace.locate(catalog=catalog).root.exists()


def test_own_work_is_checked_and_recorded(workspace: Workspace, catalog: Catalog) -> None:
    topic = catalog.find("books")
    workspace.take_solution(topic)
    checked = check("1.1")
    assert isinstance(checked, Checked)
    assert checked.report.verdict is Verdict.PASSED
    assert [attempt.verdict for attempt in workspace.progress.attempts()] == [Verdict.PASSED]


@pytest.mark.parametrize(
    "name, message, remedy",
    [
        ("boks", "There is no topic 'boks'.", "Did you mean 5.1.1"),
        ("fines", "5.1.3 Fines is not written yet.", "`checker list`"),
    ],
)
def test_trouble_is_shown_without_a_traceback(
    tiny: Path, name: str, message: str, remedy: str
) -> None:
    assert tiny.is_dir()
    trouble = check(name)
    assert isinstance(trouble, Trouble)
    assert repr(trouble).startswith(f"{message}\n{remedy}")
    assert "<p><b>" in trouble._repr_html_()


def test_a_cell_shows_what_pytest_says(capsys: pytest.CaptureFixture[str]) -> None:
    run_tests("def test_shelf():\n    assert 1 == 1\n", "-q")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(".  ")
    assert lines[1] == "1 passed"


def test_a_cell_shows_tests_of_several_files(capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "library.py": "TITLES = ['Emma']\n",
        "tests/test_shelf.py": "import library\ndef test_it():\n    assert not library.TITLES\n",
    }
    run_tests(files, "-q", "--tb=line")
    output = capsys.readouterr().out
    assert "tests/test_shelf.py:3: AssertionError: assert not ['Emma']" in output
    assert "1 failed" in output


def test_a_cell_shows_commands_and_how_they_end(capsys: pytest.CaptureFixture[str]) -> None:
    files = {"shelf.py": "import sys\nprint(sys.argv[1])\n", "empty.py": "raise SystemExit(3)\n"}
    run_commands(files, "shelf 'two words'", "empty", "shelf again")
    assert capsys.readouterr().out.splitlines() == [
        "$ shelf 'two words'",
        "two words",
        "$ empty",
        "(exit code 3)",
        "$ shelf again",
        "again",
    ]
