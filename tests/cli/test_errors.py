"""Every way in which a command cannot do its work: what it says, and its exit code."""

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from checker.errors import EnvironmentFaultError, LabLoadError
from checker.report import Verdict
from tests.cli.conftest import Run
from tests.cli.fakes import FakeJudge
from tests.cli.process import run_process

WITHOUT_WORKSPACE = ("check", "watch", "hint", "diff", "history", "progress", "run")
WRONG_LINES = [
    "check 9.9",
    "check bokss",
    "check 5.1.3",
    "watch fines",
    "start 5.1.1",
    "show 5.1.3",
    "show 5.1.1 nothing",
    "list nowhere",
    "check --seed much",
    "check --nonsense",
    "chekc",
    "5.1.2",
    "show",
    "undo 5.1.1",
    "solution 5.1.1",
    "solution 5.1.1 --take",
    "diff 5.1.1 --solution",
    "diff 5.1.1 --solution --snapshot 1",
    "diff 5.1.1 --snapshot 99",
    "history 5.1.1 --show 1",
    "history 5.1.1 --show 99",
    "history 5.1.1 --restore 0",
    "history 5.1.1 --show 1 --restore 1",
    "path nowhere",
    "check --folder missing",
    "run 5.1.1 --port 0",
]


@pytest.mark.parametrize("command", WITHOUT_WORKSPACE)
def test_without_a_workspace_start_is_named(run: Run, command: str) -> None:
    """The remedy is the command to type."""
    result = run(command)
    assert result.exit_code == 2
    assert "There is no workspace" in result.stderr
    assert "checker start" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("line", WRONG_LINES)
def test_wrong_lines(run: Run, started: Path, line: str, snapshot: SnapshotAssertion) -> None:
    """Usage is exit code 2; the message names the nearest right thing."""
    assert started.is_dir()
    result = run(*line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == snapshot
    assert "Traceback" not in result.stderr


def test_an_error_as_json_is_one_object(run: Run) -> None:
    """Programs read the kind, the message and the remedy on stdout."""
    result = run("check", "9.9", "--json")
    error = json.loads(result.stdout)["error"]
    assert error == {
        "kind": "UsageError",
        "message": "There is no topic '9.9'.",
        "remedy": "`checker list` shows every topic.",
        "exit_code": 2,
    }
    assert result.stderr == ""


@pytest.mark.parametrize(
    "verdict,code",
    [
        (Verdict.FAILED, 1),
        (Verdict.BLOCKED, 1),
        (Verdict.TIMEOUT, 1),
        (Verdict.BROKEN, 3),
        (Verdict.ERROR, 4),
    ],
)
def test_each_verdict_has_its_exit_code(
    run: Run, started: Path, judge: FakeJudge, verdict: Verdict, code: int
) -> None:
    """A verdict that is not a pass is never 0."""
    assert started.is_dir()
    judge.verdict = verdict
    assert run("check").exit_code == code


@pytest.mark.parametrize(
    "error,code",
    [
        (EnvironmentFaultError("No host.", "Run `checker doctor`."), 4),
        (LabLoadError("No app.", "Name it app."), 3),
    ],
)
def test_errors_of_ours_have_their_exit_code(
    run: Run, started: Path, judge: FakeJudge, error: Exception, code: int
) -> None:
    """Message and remedy, nothing else."""
    assert started.is_dir()
    judge.error = error
    result = run("check")
    assert result.exit_code == code
    assert result.stderr.count("\n") == 2


def test_a_bug_is_called_a_bug(run: Run, started: Path, judge: FakeJudge) -> None:
    """An unexpected exception is exit code 4 without a traceback, and says how to report it."""
    assert started.is_dir()
    judge.error = ZeroDivisionError("division by zero")
    result = run("check")
    assert result.exit_code == 4
    assert "This is a bug of the checker: ZeroDivisionError: division by zero" in result.stderr
    assert "--debug" in result.stderr
    assert "Traceback" not in result.stderr


def test_debug_lets_the_traceback_through(run: Run, started: Path, judge: FakeJudge) -> None:
    """Anywhere in the line."""
    assert started.is_dir()
    judge.error = ZeroDivisionError("division by zero")
    assert isinstance(run("check", "--debug").exception, ZeroDivisionError)
    assert isinstance(run("--debug", "check").exception, ZeroDivisionError)


def test_ctrl_c_is_quiet(
    run: Run, started: Path, judge: FakeJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 130 and no word."""
    assert started.is_dir()

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(judge, "check", interrupt)
    monkeypatch.setattr(FakeJudge, "check", interrupt)
    result = run("check")
    assert (result.exit_code, result.output) == (130, "")


def test_a_damaged_progress_file_is_said(run: Run, home: Path, judge: FakeJudge) -> None:
    """It is moved aside, a new one begins, and the learner is told."""
    assert judge.passing == set()
    run_process("start", cwd=home)
    (home / "workspace" / ".checker" / "progress.sqlite3").write_bytes(b"no database" * 100)
    result = run("check")
    assert result.exit_code == 1
    assert "The progress file was damaged." in result.output


def test_everything_passed_asks_for_a_name(run: Run, started: Path, judge: FakeJudge) -> None:
    """There is no next topic then."""
    assert started.is_dir()
    judge.passing = {"list_books", "find_book", "lend_book", "return_book"}
    assert run("check").exit_code == 0
    assert run("check").exit_code == 0
    result = run("check")
    assert result.exit_code == 2
    assert "Every topic that is written so far is passed." in result.stderr
    assert run("start", "--watch").exit_code == 0
