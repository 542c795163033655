"""`checker grade` from submissions to a table, on the tiny curriculum and with real judges."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checker.cli.main import app
from checker.grading.model import FindingKind, State
from checker.grading.store import FILE, Store
from checker.kinds import Verdict
from checker.sandbox import bubblewrap_available

Grade = Callable[..., Result]
Table = dict[str, dict[str, tuple[str, int]]]
SECTION = "s01_shelf"
BOOKS, LOANS = "t01_books", "t02_loans"


@pytest.fixture
def submissions(tiny: Path, tmp_path: Path) -> Path:
    """Hand in: Ada all, Ben the untouched labs, Cleo one topic, Dan an archive that is none."""
    folder = tmp_path / "class"
    shutil.copytree(tiny / "solutions", folder / "ada")
    shutil.copytree(tiny / "labs", folder / "ben")
    shutil.copytree(tiny / "solutions" / SECTION / LOANS, folder / "cleo" / SECTION / LOANS)
    (folder / "dan.zip").write_bytes(b"no zip")
    return folder


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Name the folder of results."""
    return tmp_path / "results"


@pytest.fixture
def grade(submissions: Path, results: Path, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """Give a function that grades the class without a sandbox."""
    monkeypatch.delenv("CHECKER_PLAIN", raising=False)

    def run(*options: str) -> Result:
        words = ["grade", str(submissions), "--out", str(results), "--no-sandbox", *options]
        return CliRunner().invoke(app, words, prog_name="checker")

    return run


def table(results: Path) -> Table:
    """Give verdict and points of every cell."""
    with Store.open(results) as store:
        return {
            row.student.id: {
                topic: (cell.verdict or cell.state, cell.points)
                for topic, cell in row.cells.items()
            }
            for row in store.gradebook().rows
        }


EXPECTED: Table = {
    "ada": {"5.1.1": (Verdict.PASSED, 3), "5.1.2": (Verdict.PASSED, 2)},
    "ben": {"5.1.1": (Verdict.FAILED, 0), "5.1.2": (Verdict.FAILED, 0)},
    "cleo": {"5.1.1": (State.ABSENT, 0), "5.1.2": (Verdict.PASSED, 2)},
    "dan": {"5.1.1": (State.REFUSED, 0), "5.1.2": (State.REFUSED, 0)},
}


def judged(result: Result) -> int:
    """Give how many verdicts a run formed, from its JSON."""
    assert result.exit_code == 0, result.output
    return int(json.loads(result.stdout)["judged"])


def test_a_class_gets_its_table_and_a_second_run_has_nothing_to_do(
    grade: Grade, results: Path
) -> None:
    first = grade("--plain")
    assert first.exit_code == 0
    assert "4 students, 2 topics: 3 passed, 2 failed, 2 refused, 1 absent." in first.stdout
    assert "Judged now: 5, in " in first.stdout
    assert "refused: dan: dan.zip is no zip or tar" in " ".join(first.stdout.split())
    assert "UNTRUSTED" in first.stdout
    assert f"Next: checker export {results} --format class" in first.stdout
    assert "5 of 5 verdicts (100 %)" in first.stderr
    assert table(results) == EXPECTED
    again = grade("--plain")
    assert "Nothing was due." in again.stdout
    assert again.stderr == ""
    assert table(results) == EXPECTED


def test_only_what_changed_is_judged(
    grade: Grade, results: Path, submissions: Path, tiny: Path
) -> None:
    assert judged(grade("--json")) == 5
    shutil.copytree(
        tiny / "solutions" / SECTION / BOOKS,
        submissions / "ben" / SECTION / BOOKS,
        dirs_exist_ok=True,
    )
    assert judged(grade("--json")) == 1
    assert table(results)["ben"]["5.1.1"] == (Verdict.PASSED, 3)
    suite = tiny / "checker" / "suites" / SECTION / "test_t02_loans.py"
    suite.write_text(suite.read_text() + "\n\nMORE = 1\n")
    assert judged(grade("--json")) == 3
    shutil.rmtree(submissions / "cleo")
    assert judged(grade("--json")) == 0
    assert "cleo" not in table(results)


def test_topics_students_and_time_are_chosen(
    grade: Grade, results: Path, submissions: Path
) -> None:
    assert judged(grade("--json", "--topics", "5.1.2")) == 3
    assert list(table(results)["ada"]) == ["5.1.2"]
    assert judged(grade("--json", "--topics", "5.1.1", "--students", "ben")) == 1
    assert table(results)["ada"] == {"5.1.1": (State.PENDING, 0), "5.1.2": (Verdict.PASSED, 2)}
    assert judged(grade("--json")) == 1
    assert table(results) == EXPECTED
    (submissions / "ben" / SECTION / LOANS / "app.py").write_text("app = 1\n")
    assert judged(grade("--json", "--students", "ada")) == 0
    assert table(results)["ben"]["5.1.2"] == (State.PENDING, 0)
    nobody = grade("--students", "zoe")
    assert nobody.exit_code == 2
    assert "no student zoe" in nobody.stderr
    assert grade("--topics", "5.9.9").exit_code == 2


def test_a_dry_run_writes_nothing(grade: Grade, results: Path) -> None:
    plan = grade("--dry-run", "--plain")
    assert plan.exit_code == 0
    assert "4 students, 4 submissions, 2 topics: 5 verdicts to form." in plan.stdout
    assert "ada: 5.1.1, 5.1.2" in plan.stdout
    assert not results.exists()
    due = json.loads(grade("--dry-run", "--json").stdout)["due"]
    assert due == {"ada": ["5.1.1", "5.1.2"], "ben": ["5.1.1", "5.1.2"], "cleo": ["5.1.2"]}
    assert judged(grade("--json", "--students", "ada")) == 2
    assert json.loads(grade("--dry-run", "--json").stdout)["verdicts"] == 3


def test_repeats_find_a_flaky_answer(grade: Grade, results: Path, submissions: Path) -> None:
    lab = submissions / "ada" / SECTION / BOOKS / "app.py"
    lab.write_text(
        lab.read_text() + "\nimport os\nif os.urandom(1)[0] % 2:\n    app.router.routes.clear()\n"
    )
    assert judged(grade("--json", "--students", "ada")) == 2
    counted = table(results)["ada"]
    assert judged(grade("--json", "--students", "ada", "--repeat", "16")) == 30
    with Store.open(results) as store:
        findings = store.gradebook().findings
    flaky = [(one.student, one.topic) for one in findings if one.kind is FindingKind.FLAKY]
    assert flaky == [("ada", "5.1.1")]
    assert table(results)["ada"] == counted


def test_another_executor_gives_the_same_table(grade: Grade, results: Path, tmp_path: Path) -> None:
    plug = tmp_path / "plug.py"
    plug.write_text(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def threads():\n    return ThreadPoolExecutor(2)\n"
    )
    assert judged(grade("--json", "--executor", f"{plug}:threads")) == 5
    assert table(results) == EXPECTED


def test_work_that_an_executor_loses_is_told_and_the_rest_kept(
    grade: Grade, results: Path, tmp_path: Path
) -> None:
    plug = tmp_path / "loser.py"
    plug.write_text(
        "from concurrent.futures import Future, ThreadPoolExecutor\n"
        "class Loser(ThreadPoolExecutor):\n"
        "    def submit(self, work, data):\n"
        "        if not hasattr(self, 'lost'):\n"
        "            self.lost = Future()\n"
        "            self.lost.set_exception(MemoryError('gone'))\n"
        "            return self.lost\n"
        "        return super().submit(work, data)\n"
    )
    result = grade("--executor", f"{plug}:Loser")
    assert result.exit_code == 4
    assert "MemoryError: gone" in result.stderr
    states = [cell for row in table(results).values() for cell, _ in row.values()]
    assert states.count(State.PENDING) == 2
    assert judged(grade("--json")) == 2
    assert table(results) == EXPECTED


def test_without_a_sandbox_it_refuses(
    submissions: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    words = ["grade", str(submissions), "--out", str(results)]
    result = CliRunner().invoke(app, words, prog_name="checker")
    assert result.exit_code == 4
    assert "only judged in a sandbox" in result.stderr
    assert "--no-sandbox" in result.stderr
    assert not results.exists()


def test_with_a_sandbox_results_are_trusted(submissions: Path, results: Path) -> None:
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    words = ["grade", str(submissions), "--out", str(results), "--plain"]
    result = CliRunner().invoke(app, words, prog_name="checker")
    assert result.exit_code == 0, result.output
    assert "Sandbox: bubblewrap; " in result.stdout
    assert "UNTRUSTED" not in result.stdout
    assert table(results) == EXPECTED


def test_nothing_of_a_killed_run_is_lost_or_judged_twice(
    submissions: Path, results: Path, tiny: Path, grade: Grade
) -> None:
    assert tiny.is_dir()
    for number in range(6):
        shutil.copytree(submissions / "ada", submissions / f"student{number}")
    kept: list[set[str]] = [set()]
    for _ in range(3):
        process = _start(submissions, results)
        try:
            _wait(lambda: len(_names(results)) > len(kept[-1]), process)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        kept.append(_names(results))
    assert judged(grade("--json")) == 17 - len(kept[-1])
    assert all(before <= after for before, after in pairwise(kept))
    assert len(_names(results)) == 17
    everything = {f"student{number}": EXPECTED["ada"] for number in range(6)}
    assert table(results) == EXPECTED | everything
    with closing(sqlite3.connect(results / FILE)) as file:
        assert file.execute("SELECT max(tries), count(*) FROM results").fetchone() == (1, 17)


def _start(submissions: Path, results: Path) -> "subprocess.Popen[bytes]":
    words = ["grade", str(submissions), "--out", str(results), "--no-sandbox", "--jobs", "2"]
    return subprocess.Popen(
        [sys.executable, "-m", "checker", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while not ready() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)


def _names(results: Path) -> set[str]:
    """Name the results that are there."""
    if not (results / FILE).exists():
        return set()
    with closing(sqlite3.connect(results / FILE, timeout=10)) as file:
        try:
            return {name for (name,) in file.execute("SELECT name FROM results")}
        except sqlite3.OperationalError:
            return set()


def test_the_seed_is_drawn_once(grade: Grade, results: Path) -> None:
    assert judged(grade("--json", "--topics", "5.1.2", "--students", "cleo")) == 1
    with Store.open(results) as store:
        seed = store.seed
        report = store.gradebook().by_student["cleo"].cells["5.1.2"]
        assert report.result is not None
        assert store.load(report.result)[0].seed == seed
    assert grade("--seed", str(seed + 1)).exit_code == 2


def test_a_run_that_is_interrupted_says_that_it_goes_on(
    grade: Grade, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object, __: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("checker.grading.session.GradeSession.run", interrupt)
        stopped = grade("--students", "cleo")
    assert stopped.exit_code == 130
    assert "Stopped. 0 new verdicts kept; the same command goes on from here." in stopped.stderr
    assert judged(grade("--json", "--students", "cleo")) == 1
    assert table(results)["cleo"] == EXPECTED["cleo"]
