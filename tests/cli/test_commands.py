"""What each command prints, as text and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.conftest import Run
from tests.cli.fakes import FakeJudge

Say = Callable[..., str]
BOOKS = Path("s01_shelf/t01_books/app.py")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("list",),
        ("list", "all"),
        ("show", "5.1.1"),
        ("show", "1.1", "find_book"),
        ("path",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["--plain", "--json"])
def test_before_the_start(
    say: Say, words: tuple[str, ...], form: str, snapshot: SnapshotAssertion
) -> None:
    """These commands need no workspace."""
    assert say(*words, form) == snapshot


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("list",),
        ("start",),
        ("hint",),
        ("diff",),
        ("history",),
        ("progress",),
        ("path", "reader"),
        ("reset", "1.1"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["--plain", "--json"])
def test_in_a_fresh_workspace(
    say: Say, started: Path, words: tuple[str, ...], form: str, snapshot: SnapshotAssertion
) -> None:
    """Nothing has been done yet."""
    assert started.is_dir()
    assert say(*words, form) == snapshot


@pytest.mark.parametrize("form", ["--plain", "--json"])
def test_after_some_work(
    say: Say, started: Path, judge: FakeJudge, form: str, snapshot: SnapshotAssertion
) -> None:
    """One task passed, a hint seen, a line changed."""
    app = started / BOOKS
    app.write_text(app.read_text() + "# mine\n")
    judge.passing = {"list_books"}
    assert say("check", form, code=1) == snapshot(name="check")
    assert say("hint", form) == snapshot(name="hint")
    for words in ((), ("list",), ("progress",), ("diff", "1.1"), ("history", "1.1")):
        assert say(*words, form) == snapshot(name=" ".join(words) or "checker")
    assert say("history", "1.1", "--show", "2", form) == snapshot(name="history --show")


@pytest.mark.parametrize("form", ["--plain", "--json"])
def test_after_a_pass(
    say: Say, started: Path, judge: FakeJudge, form: str, snapshot: SnapshotAssertion
) -> None:
    """What is new and what comes next is said once; the solution is open."""
    assert started.is_dir()
    judge.passing = {"list_books", "find_book", "lend_book", "return_book"}
    assert say("check", form) == snapshot(name="check")
    assert say("check", "1.1", form) == snapshot(name="check again")
    assert say("solution", "1.1", form) == snapshot(name="solution")
    assert say("diff", "1.1", "--solution", form) == snapshot(name="diff --solution")
    assert say("check", form) == snapshot(name="check the last one")
    assert say(form) == snapshot(name="checker")


def test_the_report_is_the_whole_json_output(say: Say, started: Path, judge: FakeJudge) -> None:
    """`check --json` prints one document that has the schema's shape."""
    assert started.is_dir()
    judge.passing = {"list_books", "find_book"}
    report = json.loads(say("check", "--json"))
    schema = json.loads(say("schema"))
    assert report.keys() == schema["properties"].keys()


def test_the_seed_and_the_sandbox_reach_the_judge(
    say: Say, started: Path, judge: FakeJudge
) -> None:
    """Options of `check` are handed on."""
    say("check", "1.2", "--seed", "42", "--sandbox", code=1)
    assert judge.sandboxes == ["bubblewrap"]
    assert judge.asked == [("5.1.2", started / "s01_shelf/t02_loans", 42)]


def test_any_folder_can_be_judged_without_a_workspace(
    say: Say, home: Path, tiny: Path, judge: FakeJudge
) -> None:
    """The topic is read off the path; nothing is recorded."""
    folder = tiny / "solutions" / "s01_shelf" / "t02_loans"
    say("check", "--folder", str(folder), code=1)
    assert judge.asked == [("5.1.2", folder, None)]
    assert list(home.iterdir()) == []


def test_reset_undo_and_restore_lose_nothing(say: Say, started: Path, judge: FakeJudge) -> None:
    """Every state that was checked or replaced comes back."""
    app = started / BOOKS
    given = app.read_text()
    app.write_text("mine = 1\n")
    say("check", code=1)
    say("reset", "1.1")
    assert app.read_text() == given
    say("undo", "1.1")
    assert app.read_text() == "mine = 1\n"
    app.write_text("mine = 2\n")
    judge.passing = {"list_books", "find_book"}
    say("check")
    say("history", "1.1", "--restore", "2")
    assert app.read_text() == "mine = 1\n"
    say("solution", "1.1", "--take")
    say("undo", "1.1")
    assert app.read_text() == "mine = 1\n"


def test_giving_up_is_recorded(say: Say, started: Path) -> None:
    """The solution can be seen before a pass, and the history tells."""
    assert started.is_dir()
    assert "def create_book" not in say("solution", "1.1", "--give-up")
    assert "solution shown (gave up)" in say("history", "1.1")


def test_next_follows_the_chosen_path(say: Say, started: Path) -> None:
    """`path none` goes back to the outline."""
    assert started.is_dir()
    assert json.loads(say("path", "reader", "--json"))["chosen"] == "reader"
    assert "Learning path: From a book to a loan" in say()
    assert json.loads(say("path", "none", "--json"))["chosen"] is None


def test_start_adds_what_is_missing_and_touches_nothing(say: Say, started: Path) -> None:
    """Run twice, the second time says where the workspace is."""
    (started / BOOKS).write_text("mine\n")
    assert json.loads(say("start", "--json"))["added"] == []
    assert (started / BOOKS).read_text() == "mine\n"


def test_start_takes_a_folder(say: Say, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From inside of it, every command finds it."""
    say("start", "elsewhere")
    monkeypatch.chdir(home / "elsewhere" / "s01_shelf")
    assert json.loads(say("--json"))["workspace"] == "TMP/home/elsewhere"


def test_start_and_go_on_checks_once_without_a_terminal(
    say: Say, home: Path, judge: FakeJudge
) -> None:
    """The starter fails and the exit code is 0: the job was to get going."""
    text = say("start", "--watch")
    assert "failed: List the books" in text
    assert "Edit workspace/s01_shelf/t01_books/app.py:9; `checker watch`" in text
    assert judge.asked == [("5.1.1", home / "workspace/s01_shelf/t01_books", None)]


def test_a_command_that_the_shell_does_not_know_is_explained(
    say: Say, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `make start` the environment is not active."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("sys.prefix", str(home / ".venv"))
    assert "`source .venv/bin/activate` makes checker a command of this shell." in say()


def test_version_names_what_matters(run: Run) -> None:
    """For a report of trouble."""
    assert run("version").output.startswith("checker ")
    assert json.loads(run("version", "--json").output).keys() == {"checker", "python", "fastapi"}


def test_doctor_tells_each_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem means exit code 4, a warning does not."""
    from checker.doctor import Finding, State

    findings = [
        Finding("python", State.OK, "Python 3.11."),
        Finding("sandbox", State.WARNING, "bubblewrap is missing.", "apt install bubblewrap"),
    ]

    def examine(catalog: object, workspace: object, tell: Callable[[Finding], None]) -> object:
        assert catalog
        assert workspace
        for finding in findings:
            tell(finding)
        return findings

    monkeypatch.setattr("checker.doctor.diagnose_machine", examine)
    healthy = run("doctor")
    assert healthy.exit_code == 0
    assert "apt install bubblewrap" in healthy.output
    findings.append(Finding("port", State.PROBLEM, "No port.", "Free one."))
    sick = run("doctor", "--json")
    assert sick.exit_code == 4
    assert json.loads(sick.output)["ok"] is False
