"""The commands `explain`, `compare` and `export`, from a store to the screen."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from typer.testing import CliRunner, Result

from checker.catalog import Catalog
from checker.cli.main import app
from checker.errors import CheckerError, EnvironmentFaultError, NothingToDoError, UsageError
from checker.files import read_tree, tree_digest
from checker.grading.explain import explain, judged_files
from checker.grading.export.formats import write
from checker.grading.model import (
    Finding,
    FindingKind,
    Intake,
    Receipt,
    Student,
    Submission,
    TaskLine,
    TopicLine,
)
from checker.grading.names import find_student, find_topic
from checker.grading.store import Answer, ManifestLine, Store
from checker.kinds import Verdict
from checker.report import Card, CheckResult, Kind, TaskResult, TopicReport
from tests.cli.fakes import FakeJudge
from tests.grading.class_of import everything

HOSTILE = "Eve\x1b[31m Okri"
Run = Callable[..., Result]


def line_of(catalog: Catalog, name: str) -> ManifestLine:
    """Give the line of the manifest for a topic of the tiny curriculum."""
    topic = catalog.find(name)
    tasks = tuple(TaskLine(one.id, one.title, one.points) for one in catalog.lesson(topic).tasks)
    return ManifestLine(TopicLine(topic.id, topic.title, tasks), catalog.digest(topic))


def report_of(topic: TopicLine, verdict: Verdict) -> TopicReport:
    """Make a report in which each task has two checks with a card, or all passed."""
    passed = verdict is Verdict.PASSED
    card = Card(kind=Kind.STATUS, headline="It\x1b[2J answers 200.", expected="201", got="200")
    tasks = tuple(
        TaskResult(
            id=task.id,
            title=task.title,
            verdict=verdict,
            points=task.points,
            checks=tuple(
                CheckResult(
                    id=f"test_{task.id}_{number}",
                    title=f"Check {number} of {task.id}.",
                    verdict=verdict,
                    card=None if passed else card,
                )
                for number in (1, 2)
            ),
        )
        for task in topic.tasks
    )
    return TopicReport(
        topic=topic.id, title=topic.title, verdict=verdict, tasks=tasks, seed=7, seconds=0.1
    )


class Shelf:
    """A store of the tiny curriculum: Ada failed 5.1.1, Eve waits, Ben is absent."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder, self.catalog = folder, catalog
        self.line = line_of(catalog, "5.1.1")
        lab = read_tree(catalog.rooms(catalog.find("5.1.1")).lab)
        self.tree = lab
        self.store = Store.create(folder, seed=7)
        self.answers = [
            Answer(student, "5.1.1", tree_digest(lab), f"due {student}")
            for student in ("ada", "eve")
        ]
        self.receive(self.answers)

    def receive(self, answers: list[Answer]) -> None:
        """Take the class in."""
        students = (
            Student("ada", "Ada Lovelace", "ada@example.org"),
            Student("eve", HOSTILE),
            Student("ben", "Ben Okri"),
        )
        submissions = tuple(
            Submission(answer.student, answer.student, {"5.1.1": self.tree}) for answer in answers
        )
        finding = Finding(FindingKind.REQUIREMENTS, "requirements.txt is ignored.\x1b[2J", "ada")
        self.store.receive(Intake(students, submissions, (finding,)), [self.line], answers)

    def keep(
        self,
        verdict: Verdict,
        *,
        trusted: bool = True,
        suite: str | None = None,
        checker: str | None = None,
    ) -> None:
        """Keep a verdict on Ada's answer."""
        receipt = Receipt(
            code=self.answers[0].code,
            suite=suite or self.line.suite,
            seed=7,
            repeat=0,
            checker=checker or self.catalog.version,
            versions={},
            limits={"memory": 512.0},
            sandbox="bubblewrap" if trusted else "bare",
            trusted=trusted,
        )
        self.store.keep(self.answers[0], report_of(self.line.topic, verdict), receipt)


@pytest.fixture
def shelf(tmp_path: Path, catalog: Catalog) -> Iterator[Shelf]:
    """Give a store of which nothing is judged yet."""
    shelf = Shelf(tmp_path / "results", catalog)
    yield shelf
    shelf.store.close()


@pytest.fixture
def run(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs `checker` with the words given, `R` for the results."""
    monkeypatch.delenv("CHECKER_PLAIN", raising=False)

    def run_words(*words: str) -> Result:
        named = [str(shelf.folder) if word == "R" else word for word in words]
        return CliRunner().invoke(app, named, prog_name="checker")

    return run_words


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> FakeJudge:
    """Let a judge of the test's own answer."""
    fake = FakeJudge()
    monkeypatch.setattr("checker.judge.client.Judge", fake)
    return fake


def test_explain_shows_every_check_that_did_not_pass(shelf: Shelf, run: Run) -> None:
    shelf.keep(Verdict.FAILED)
    result = run("explain", "R", "ada", "1.1")
    assert result.exit_code == 0
    assert result.stdout.count("Problem: ") == 2 * len(shelf.line.topic.tasks) > 2
    assert r"Problem: It\x1b[2J answers 200." in result.stdout
    assert "\x1b" not in result.stdout
    assert f"Code: {shelf.answers[0].code}" in result.stdout
    assert "Sandbox: bubblewrap\n" in result.stdout
    assert "requirements: requirements.txt is ignored." in result.stdout
    assert f"Replay: checker explain {shelf.folder} ada 5.1.1 --replay" in result.stdout


def test_explain_as_json(shelf: Shelf, run: Run) -> None:
    shelf.keep(Verdict.FAILED)
    document = json.loads(run("explain", "R", "Ada L", "5.1.1", "--json").stdout)
    assert (document["state"], document["points"], document["student"]) == ("failed", 0, "ada")
    assert document["receipt"]["limits"] == {"memory": 512.0}
    assert TopicReport.model_validate(document["report"]).verdict is Verdict.FAILED
    assert document["replay"] is None


def test_explain_without_a_verdict_says_why(shelf: Shelf, run: Run) -> None:
    shelf.keep(Verdict.ERROR, trusted=False)
    error = run("explain", "R", "ada", "5.1.1").stdout
    assert "no points are given or taken" in error
    assert "points" not in error.splitlines()[0]
    assert json.loads(run("explain", "R", "ada", "5.1.1", "--json").stdout)["points"] is None
    assert "pending\nNot judged yet" in run("explain", "R", "eve", "5.1.1").stdout
    assert "absent\nNothing was handed in." in run("explain", "R", "ben", "5.1.1").stdout


def test_a_terminal_gets_the_cards_drawn(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.keep(Verdict.FAILED)
    from checker.cli.output import Form

    monkeypatch.setattr("checker.cli.output.choose_form", lambda **_: Form.TERMINAL)
    result = run("explain", "R", "ada", "5.1.1")
    assert "\x1b[1mAda Lovelace (ada)" in result.stdout
    assert "\x1b[2J" not in result.stdout
    assert "expected" in result.stdout


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "ADA  lovelace", "ada@ex", "Ada"])
def test_students_are_found_by_what_names_one(name: str) -> None:
    book = everything()
    book = type(book)(**{**vars(book), "rows": book.rows[:3]})
    assert find_student(book, name).student.id == "ada"


@pytest.mark.parametrize(
    "name, words, remedy",
    [
        ("h-", "names 10 students", "h-formula (.*), h-comma (.*), h-break (.*) and 7 more"),
        ("lovelase", "no student 'lovelase'", "Did you mean .*ada"),
        ("zzzz", "no student 'zzzz'", "lists the class"),
        ("", "no student ''", "lists the class"),
    ],
)
def test_other_names_are_answered_with_near_ones(name: str, words: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        find_student(everything(), name)
    assert re.search(remedy, caught.value.remedy)


def test_topics_are_found_by_number_title_and_slug(run: Run) -> None:
    book = everything()
    assert find_topic(book, "path operations basics").id == find_topic(book, "1.2").id == "5.1.2"
    with pytest.raises(UsageError, match="no topic 'path operatons'") as caught:
        find_topic(book, "path operatons")
    assert (
        caught.value.remedy == "Did you mean 5.1.2 Path Operations Basics, 5.1.3 Path Parameters?"
    )
    assert run("explain", "R", "ben", "books").exit_code == 0
    unknown = run("explain", "R", "ben", "loans")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (2, 2)
    assert run("explain", "R", "ben", "zzzzzzzz").exit_code == 2


def test_files_are_written_as_they_were_judged(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    result = run("explain", "R", "eve", "5.1.1", "--files", str(tmp_path / "look"))
    assert result.exit_code == 0
    assert read_tree(tmp_path / "look") == shelf.tree
    again = run("explain", "R", "eve", "5.1.1", "--files", str(tmp_path / "look"))
    assert (again.exit_code, "holds other files" in again.stderr) == (2, True)
    (tmp_path / "file").touch()
    inside = run("explain", "R", "eve", "5.1.1", "--files", str(tmp_path / "file" / "x"))
    assert (inside.exit_code, "cannot be written" in inside.stderr) == (2, True)
    absent = run("explain", "R", "ben", "5.1.1", "--files", str(tmp_path / "ben"))
    assert (absent.exit_code, "no files of Ben Okri" in absent.stderr) == (2, True)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "a\\x", "C:x"])
def test_paths_that_lead_elsewhere_are_refused(
    path: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = shelf.store.gradebook()
    found = explain(book, book.by_student["eve"], shelf.line.topic, shelf.folder)
    monkeypatch.setattr(shelf.store, "tree", lambda _: {path: b""})
    with pytest.raises(CheckerError, match="leads elsewhere"):
        judged_files(shelf.store, found)


def test_replay_judges_the_same_files_with_the_same_seed(
    shelf: Shelf, run: Run, judge: FakeJudge
) -> None:
    shelf.keep(Verdict.FAILED)
    result = run("explain", "R", "ada", "5.1.1", "--replay")
    assert (result.exit_code, judge.sandboxes) == (0, ["bubblewrap"])
    ((topic, folder, seed),) = judge.asked
    assert (topic, seed, folder.exists()) == ("5.1.1", 7, False)
    assert "The verdict is the same." in result.stdout


def test_replay_tells_another_verdict_and_what_changed(
    shelf: Shelf, run: Run, judge: FakeJudge
) -> None:
    shelf.keep(Verdict.PASSED, suite="of another day", checker="0.0.1")
    result = run("explain", "R", "ada", "5.1.1", "--replay")
    assert result.exit_code == 1
    assert "The suite has changed since." in result.stdout
    assert "and was 0.0.1." in result.stdout
    assert "The verdict is another one now." in result.stdout
    document = json.loads(run("explain", "R", "ada", "5.1.1", "--replay", "--json").stdout)
    assert document["replay"]["same"] is False
    judge.error = EnvironmentFaultError("bubblewrap is not installed.", "Install it.")
    assert run("explain", "R", "ada", "5.1.1", "--replay").exit_code == 4


def test_replay_runs_nothing_bare_unless_it_is_allowed(
    shelf: Shelf, run: Run, judge: FakeJudge
) -> None:
    shelf.keep(Verdict.FAILED, trusted=False)
    refused = run("explain", "R", "ada", "5.1.1", "--replay")
    assert (refused.exit_code, judge.asked) == (2, [])
    assert "--no-sandbox" in refused.stderr
    assert run("explain", "R", "ada", "5.1.1", "--replay", "--no-sandbox").exit_code == 0
    assert judge.sandboxes == ["bare"]
    assert run("explain", "R", "eve", "5.1.1", "--replay").exit_code == NothingToDoError.exit_code


def test_replay_by_the_real_judge(shelf: Shelf, run: Run) -> None:
    shelf.keep(Verdict.FAILED, trusted=False)
    result = run("explain", "R", "ada", "5.1.1", "--replay", "--no-sandbox")
    assert result.exit_code == 0, result.output
    assert "The verdict is the same." in result.stdout
    assert "python is 3" in result.stdout


def test_compare_from_the_command_line(
    shelf: Shelf, run: Run, tmp_path: Path, catalog: Catalog
) -> None:
    shelf.keep(Verdict.FAILED)
    same = run("compare", "R", "R")
    assert (same.exit_code, same.stdout) == (
        0, "3 students the same, 0 changed, 0 new, 0 left.\n",
    )  # fmt: skip
    other = Shelf(tmp_path / "other", catalog)
    other.keep(Verdict.PASSED)
    result = run("compare", "R", str(other.folder))
    points = shelf.line.topic.points
    assert result.exit_code == 1
    assert f"Ada Lovelace (ada): 0 of {points}, now {points} of {points} (+{points})" in (
        result.stdout
    )
    assert f"5.1.1: failed with 0, now passed with {points}: the answer is flaky" in result.stdout
    document = json.loads(run("compare", "R", str(other.folder), "--json").stdout)
    assert document["changes"][0]["after"]["final"] == str(points)
    other.store.choose("policy", "[scale]\nto = 10\n")
    other.receive(other.answers[:1])
    changed = run("compare", str(other.folder), "R").stdout
    assert "because the policy changed" in changed
    assert r"Eve\x1b[31m Okri (eve): 0 of 10, now" in changed
    other.store.receive(Intake((), ()), [other.line], [])
    assert "Ben Okri (ben): left, 0 of" in run("compare", "R", str(other.folder)).stdout
    other.store.close()


def test_export_from_the_command_line(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    shelf.keep(Verdict.FAILED, trusted=False)
    one = run("export", "R", "--format", "csv")
    assert one.stdout == f"{shelf.folder / 'exports' / 'grades.csv'}\n"
    assert one.stderr.startswith("UNTRUSTED")
    many = run("export", "R", "--format", "gradescope")
    assert many.stdout == f"3 files in {shelf.folder / 'exports' / 'gradescope'}\n"
    pages = run(
        "export", "R", "-f", "feedback", "--out", str(tmp_path / "p"), "--students", "ada,ben"
    )
    assert pages.stdout == f"5 files in {tmp_path / 'p'}\n"
    canvas = run("export", "R", "-f", "canvas", "--json", "--out", str(tmp_path / "c.csv"))
    document = json.loads(canvas.stdout)
    assert document["files"] == [str(tmp_path / "c.csv")]
    assert any(r"Eve\x1b[31m Okri: 5.1.1 not judged yet" in one for one in document["notices"])
    unknown = run("export", "R", "-f", "csv", "--students", "nobody")
    assert (unknown.exit_code, "no student 'nobody'" in unknown.stderr) == (2, True)


def test_export_takes_the_policy_that_was_kept_or_named(
    shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    def out_of(*words: str) -> float:
        run("export", "R", "-f", "json", "--out", str(tmp_path / "g.json"), *words)
        grade: dict[str, Any] = json.loads((tmp_path / "g.json").read_text())["students"][0][
            "grade"
        ]
        return float(grade["out_of"])

    assert out_of() == shelf.line.topic.points
    shelf.store.choose("policy", "[scale]\nto = 10\n")
    assert out_of() == 10
    (tmp_path / "p.toml").write_text("[scale]\nto = 20\n")
    assert out_of("--policy", str(tmp_path / "p.toml")) == 20
    (tmp_path / "p.toml").write_text("[scale]\nfrom = 20\n")
    bad = run("export", "R", "-f", "csv", "--policy", str(tmp_path / "p.toml"))
    assert (bad.exit_code, "p.toml, line 2: 'from'" in bad.stderr) == (2, True)


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.csv", b"old")
    monkeypatch.setattr(os, "fdopen", lambda *_: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(EnvironmentFaultError, match="cannot be written: No space"):
        write(tmp_path / "a.csv", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    with pytest.raises(EnvironmentFaultError, match="cannot be written"):
        write(tmp_path / "a.csv" / "b.csv", b"new")


def test_the_schema_of_a_class_is_printed(run: Run) -> None:
    schema = json.loads(run("schema", "--results").stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith("class-results:1")
