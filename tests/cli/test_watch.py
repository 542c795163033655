"""`checker watch` as a process: saves, verdicts, keys, and the terminal afterwards."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, watching
from tests.cli.terminal import PROMPT, Terminal

BOOKS = Path("s01_shelf/t01_books")
LOANS = Path("s01_shelf/t02_loans")


@pytest.fixture
def app(started: Path) -> Path:
    """Give the file of the first topic in a fresh workspace."""
    return started / BOOKS / "app.py"


def solution(tiny: Path, lab: Path) -> str:
    """Read the reference solution of a lab."""
    return (tiny / "solutions" / lab / "app.py").read_text(encoding="utf-8")


def test_each_save_gives_one_report(app: Path, home: Path, tiny: Path) -> None:
    """The first report comes by itself, the next ones after saves; a save may jump topics."""
    with watching("5.1.1", cwd=home) as watch:
        assert watch.until_ready()["verdict"] == "failed"
        app.write_text(solution(tiny, BOOKS))
        assert watch.line()["verdict"] == "passed"
        app.write_text("def broken(:\n")
        assert watch.line()["verdict"] == "broken"
        other = home / "workspace" / LOANS / "app.py"
        other.write_text(solution(tiny, LOANS))
        report = watch.line()
        assert (report["topic"], report["verdict"]) == ("5.1.2", "passed")


def test_a_rename_is_a_save(app: Path, home: Path, tiny: Path) -> None:
    """Editors that write beside the file and rename are seen."""
    with watching("5.1.1", cwd=home) as watch:
        watch.until_ready()
        draft = app.with_name(".app.py.new")
        draft.write_text(solution(tiny, BOOKS))
        draft.replace(app)
        assert watch.line()["verdict"] == "passed"


def test_polling_sees_saves_too(app: Path, home: Path, tiny: Path) -> None:
    """CHECKER_POLL=1 works without any event of the file system."""
    with watching("5.1.1", cwd=home, CHECKER_POLL="1") as watch:
        watch.line()
        assert watch.line() == {"event": "ready", "topic": "5.1.1", "live": False}
        app.write_text(solution(tiny, BOOKS))
        assert watch.line()["verdict"] == "passed"


def test_many_saves_in_a_row_end_with_the_newest(app: Path, home: Path, tiny: Path) -> None:
    """Of saves during a check only the newest state is judged."""
    right = solution(tiny, BOOKS)
    with watching("5.1.1", cwd=home) as watch:
        watch.until_ready()
        for number in range(20):
            app.write_text(f"# save {number}\n{right if number == 19 else ''}")
        seen = [watch.line()["verdict"]]
        while seen[-1] != "passed":
            seen.append(watch.line()["verdict"])
        assert len(seen) <= 4


def test_the_watch_survives_the_death_of_its_judge(app: Path, home: Path, tiny: Path) -> None:
    """The check in hand ends in an error verdict, the next one meets a new judge."""
    with watching("5.1.1", cwd=home) as watch:
        watch.until_ready()
        for judge in children_of(watch.process.pid):
            os.kill(judge, signal.SIGKILL)
        app.write_text(solution(tiny, BOOKS))
        verdicts = [watch.line()["verdict"]]
        if verdicts == ["error"]:
            app.write_text(solution(tiny, BOOKS) + "\n")
            verdicts.append(watch.line()["verdict"])
        assert verdicts[-1] == "passed"


def test_sigterm_ends_the_watch_and_its_judge(started: Path, home: Path) -> None:
    """Nothing is left running."""
    assert started.is_dir()
    with watching("5.1.1", cwd=home) as watch:
        watch.until_ready()
        judges = children_of(watch.process.pid)
        watch.process.terminate()
        assert watch.process.wait(timeout=20) == 128 + signal.SIGTERM
    assert judges
    for judge in judges:
        with pytest.raises(ProcessLookupError):
            os.kill(judge, 0)


def test_without_a_terminal_each_verdict_is_plain_text(started: Path, home: Path) -> None:
    """No escape sequence is written."""
    assert started.is_dir()
    process = subprocess.Popen(
        [*COMMAND, "watch", "5.1.1"],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Watching"):
            break
    process.terminate()
    process.communicate(timeout=20)
    text = "".join(lines)
    assert "5.1.1 Books on the Shelf: failed" in text
    assert "\x1b" not in text


def children_of(process: int) -> list[int]:
    """Name the direct children of a process."""
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


@pytest.fixture
def terminal(started: Path, home: Path) -> Iterator[Terminal]:
    """Run `checker watch` in a terminal of its own, below a shell."""
    assert started.is_dir()
    with Terminal(home) as terminal:
        terminal.type(" ".join(COMMAND) + " watch 5.1.1\n")
        terminal.expect("q quit")
        yield terminal


def test_keys_answer(terminal: Terminal, home: Path, tiny: Path) -> None:
    """Hint, list, help, recheck, next and quit do what the help says."""
    answers = {"h": "Hint 1 of", "t": "answers 200 with", "l": "Loans", "?": "check again without"}
    for key, answer in answers.items():
        terminal.type(key)
        terminal.expect(answer)
    terminal.type("r")
    terminal.expect("checked at")
    (home / "workspace" / BOOKS / "app.py").write_text(solution(tiny, BOOKS))
    terminal.expect("5.1.1 is passed.")
    terminal.expect("q quit")
    terminal.type("n")
    terminal.expect("POST /loans")
    terminal.type("q")
    terminal.expect("Your progress is kept.")


@pytest.mark.parametrize("key", ["q", "\x03"], ids=["q", "ctrl-c"])
def test_the_terminal_is_given_back(terminal: Terminal, key: str) -> None:
    """Line mode and echo are on again, and leaving is no error."""
    assert not terminal.line_mode
    terminal.type(key)
    terminal.expect("Your progress is kept.")
    terminal.expect(PROMPT)
    terminal.type("stty -a; echo code $?\n")
    terminal.expect(" icanon")
    terminal.expect("code 0")


def test_the_terminal_is_given_back_after_sigterm(terminal: Terminal) -> None:
    """A kill from elsewhere restores it too."""
    [watch] = children_of(terminal.pid)
    os.kill(watch, signal.SIGTERM)
    terminal.expect(PROMPT)
    terminal.type("stty -a\n")
    terminal.expect(" icanon")


def test_the_watch_ends_with_a_terminal_that_nobody_hangs_up(home: Path, started: Path) -> None:
    """Below `nohup` no signal says that the window is closed."""
    assert started.is_dir()
    with Terminal(home) as terminal:
        terminal.type("trap '' HUP; " + " ".join(COMMAND) + " watch 5.1.1\n")
        terminal.expect("q quit")
        [watch] = children_of(terminal.pid)
    assert not Path(f"/proc/{watch}").exists()


def test_the_watch_comes_back_from_ctrl_z(terminal: Terminal) -> None:
    """After `fg` the screen is drawn anew and keys are read again."""
    terminal.type("\x1a")
    terminal.expect(PROMPT)
    terminal.type("fg\n")
    terminal.expect("q quit")
    terminal.type("h")
    terminal.expect("Hint 1 of")
