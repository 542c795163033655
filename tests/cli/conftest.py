"""A learner in front of a terminal: the tiny curriculum, an empty folder, the command."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checker.cli.main import app
from tests.cli.fakes import FakeJudge

Run = Callable[..., Result]


@pytest.fixture
def home(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder beside the tiny curriculum."""
    assert tiny.is_dir()
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    for name in (
        "CHECKER_WORKSPACE",
        "CHECKER_PLAIN",
        "CHECKER_SANDBOX",
        "CHECKER_POLL",
        "NO_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    """Give a function that runs `checker` with the words given, from the empty folder."""
    assert home.is_dir()

    def run_words(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), prog_name="checker")

    return run_words


@pytest.fixture
def started(run: Run, home: Path) -> Path:
    """Make a workspace and give its folder."""
    assert run("start").exit_code == 0
    return home / "workspace"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> FakeJudge:
    """Let a judge of the test's own answer."""
    fake = FakeJudge()
    monkeypatch.setattr("checker.judge.client.Judge", fake)
    return fake


@pytest.fixture
def say(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Give a function that runs a command that must end with 0, and gives what it printed.

    What differs from run to run, paths and times, is replaced.
    """

    def say_words(*words: str, code: int = 0) -> str:
        result = run(*words)
        assert result.exit_code == code, result.output
        text = result.output.replace(str(tmp_path), "TMP")
        text = re.sub(r"\d{4}-\d\d-\d\d[ T][\d:.+]+\d", "TIME", text)
        return re.sub(r"[0-9a-f]{64}", "DIGEST", text)

    return say_words
