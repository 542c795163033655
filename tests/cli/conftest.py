"""A learner in front of a terminal: the tiny curriculum, an empty folder, the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checker.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def home(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder beside the tiny curriculum."""
    assert tiny.is_dir()
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
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
