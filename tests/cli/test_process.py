"""The command as a process: exit codes, pipes, signals, completion, start-up."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, run_process
from tests.cli.terminal import Terminal

BOOKS = Path("s01_shelf/t01_books")


def test_a_check_from_the_start_to_a_pass(home: Path, tiny: Path) -> None:
    """Starter 1, syntax error 3, solution 0: with the real judge."""
    assert run_process("start", cwd=home).returncode == 0
    app = home / "workspace" / BOOKS / "app.py"
    assert run_process("check", cwd=home).returncode == 1
    right = app.read_text()
    app.write_text("def broken(:\n")
    assert run_process("check", cwd=home).returncode == 3
    app.write_text(right)
    solution = (tiny / "solutions" / BOOKS / "app.py").read_text()
    app.write_text(solution)
    passed = run_process("check", "--json", cwd=home)
    assert passed.returncode == 0
    assert json.loads(passed.stdout)["verdict"] == "passed"
    assert passed.stderr == ""


def test_start_and_go_on_without_a_terminal_ends_with_0(home: Path) -> None:
    """What `make start </dev/null` runs."""
    done = run_process("start", "--watch", cwd=home)
    assert done.returncode == 0
    assert "failed: List the books" in done.stdout


def test_a_reader_that_goes_away_is_no_error(started: Path, home: Path) -> None:
    """`checker show | head -1` prints no traceback."""
    assert started.is_dir()
    with subprocess.Popen(
        [*COMMAND, "schema"], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_in_a_check_is_130_and_quiet(started: Path, home: Path) -> None:
    """The judge goes too."""
    (started / BOOKS / "app.py").write_text("import time\ntime.sleep(60)\n")
    process = subprocess.Popen(
        [*COMMAND, "check", "5.1.1"],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_usage_errors_do_not_wait_for_a_judge(started: Path, home: Path) -> None:
    """They come before anything heavy is started."""
    assert started.is_dir()
    begun = time.perf_counter()
    assert run_process("check", "9.9", cwd=home).returncode == 2
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("words", [(), ("--help",), ("check", "--help")], ids=["", "help", "check"])
def test_plain_help_has_no_boxes(home: Path, words: tuple[str, ...]) -> None:
    """Screen readers get text."""
    text = run_process(*words, cwd=home).stdout
    assert text
    assert all(character < "\u2500" for character in text)


def test_the_help_lists_every_command(home: Path) -> None:
    """Each with its first sentence."""
    text = run_process("--help", cwd=home).stdout
    for command in ("start", "check", "watch", "hint", "solution", "author", "doctor"):
        assert f"\n  {command} " in text


def test_topics_complete_to_ids_and_slugs(home: Path) -> None:
    """As the shell asks it."""
    env = {"COMP_WORDS": "checker check 5.1", "COMP_CWORD": "2"}
    done = run_process(cwd=home, _CHECKER_COMPLETE="complete_bash", **env)
    assert done.stdout.split() == ["5.1.1", "5.1.2"]
    env = {"COMP_WORDS": "checker show t0", "COMP_CWORD": "2"}
    done = run_process(cwd=home, _CHECKER_COMPLETE="complete_bash", **env)
    assert done.stdout.split() == ["t01_books", "t02_loans"]


def test_an_encoding_without_our_signs_is_no_error(started: Path, home: Path) -> None:
    """Titles with signs that the terminal cannot show are shown with question marks."""
    assert started.is_dir()
    done = run_process("progress", cwd=home, PYTHONIOENCODING="ascii")
    assert done.returncode == 0


def test_a_light_command_loads_no_framework(home: Path) -> None:
    """`checker` alone starts in an instant."""
    code = "import sys; from checker.cli.main import app; sys.argv = ['checker']\n"
    code += "try:\n    app(prog_name='checker')\nexcept SystemExit:\n    pass\n"
    code += "print(sorted({'rich', 'pytest', 'fastapi', 'sqlalchemy'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=home, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_gets_colour_and_no_color_is_kept(home: Path) -> None:
    """NO_COLOR takes the colours of lists and verdicts."""
    with Terminal(home) as terminal:
        terminal.type(" ".join(COMMAND) + " start; echo done-$?\n")
        assert "\x1b[1m" in terminal.expect("done-0")
        terminal.type("export NO_COLOR=1; " + " ".join(COMMAND) + " check; echo done-$?\n")
        terminal.expect("\n")
        text = terminal.expect("done-1")
        assert "\x1b[3" not in text
        assert "✗" in text


def test_the_lesson_is_paged_in_a_terminal(started: Path, home: Path) -> None:
    """Through the reader's own pager."""
    assert started.is_dir()
    with Terminal(home) as terminal:
        terminal.type("export PAGER='sed s/shelf/SHELF/'; ")
        terminal.type(" ".join(COMMAND) + " show 5.1.1; echo done-$?\n")
        assert "SHELF" in terminal.expect("done-0")
