"""CSV, JSON and JUnit, read back by readers that are not ours."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from checker.grading.export import export
from checker.grading.export.json import results_schema
from checker.grading.gradebook import Gradebook
from checker.grading.model import Row, Student
from checker.grading.policy import Policy
from checker.grading.policy_file import parse_policy
from checker.kinds import Verdict
from tests.grading.class_of import (
    HOSTILE,
    Made,
    everything,
    judged,
    large,
    report_of,
    topic_lines,
)
from tests.grading.class_of import (
    book as class_of,
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")  # noqa: RUF001 - full-width is meant
ACTING = {*map(chr, range(32)), *map(chr, range(127, 160)), "\u202e", "\u2066"}


def table(book: Gradebook, folder: Path, policy: Policy | None = None) -> list[dict[str, str]]:
    """Export a class as CSV and read the rows."""
    (path,) = export(book, "csv", folder / "grades.csv", policy=policy)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_csv_has_a_row_a_student_with_states_and_sums(tmp_path: Path) -> None:
    book = everything()
    rows = table(book, tmp_path)
    assert [row["student"] for row in rows] == [row.student.id for row in book.rows]
    ada, ben, cleo = rows[:3]
    assert (ada["5.1.1 points"], ada["5.1.1 state"]) == ("4", "passed")
    assert (ada["5.1.2 points"], ada["5.1.2 state"]) == ("1", "failed")
    assert (ada["earned"], ada["offered"], ada["percent"]) == ("5", "12", "41.67")
    assert (ben["undecided topics"], cleo["standing"]) == ("2", "unknown")
    assert (cleo["flags"], ada["ID"], ada["trust"]) == ("escape", "101", "trusted")
    assert ada["submitted at"] == "2026-12-01T12:30:00+00:00"


def test_what_was_not_judged_has_a_state_and_no_number(tmp_path: Path) -> None:
    found = {}
    for row in table(everything(), tmp_path)[:3]:
        for topic in ("5.1.1", "5.1.2", "5.1.3"):
            found[row[f"{topic} state"]] = row[f"{topic} points"]
    assert found == {
        "passed": "4", "failed": "1", "broken": "0",
        "absent": "", "error": "", "pending": "", "refused": "",
    }  # fmt: skip


def test_no_cell_is_a_formula_or_acts_on_a_terminal(tmp_path: Path) -> None:
    (path,) = export(everything(), "csv", tmp_path / "grades.csv")
    text = path.read_text("utf-8-sig")
    assert not ACTING & set(text.replace("\n", ""))
    for delimiter in ",;|\t":
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        cells = [cell.lstrip("\"' ") for row in rows for cell in row if not cell.startswith("'")]
        assert not [cell for cell in cells if cell.startswith(FORMULA)]


def test_sums_agree_with_the_points_of_the_topics(tmp_path: Path) -> None:
    policy = parse_policy('[weights]\n"5.1" = 32\n"5.8.8" = 0\n[scale]\nto = 10\n')
    book = large()
    for row in table(book, tmp_path, policy):
        points = (row[f"{topic.id} points"] for topic in book.topics)
        assert sum(Decimal(one or 0) for one in points) == Decimal(row["earned"])
        assert row["out of"] == "10"


def test_json_keeps_to_its_schema(tmp_path: Path) -> None:
    schema = results_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for book in (everything(), everything(trusted=False), large()):
        (path,) = export(book, "json", tmp_path)
        document = json.loads(path.read_bytes())
        validator.validate(document)
        assert document["trusted"] is book.trusted
        assert ("UNTRUSTED" in document["warning"]) is not book.trusted
        assert [one["name"] for one in document["students"]] == [r.student.name for r in book.rows]
        assert path.read_bytes().isascii()
    with pytest.raises(Exception, match="1 was expected"):
        validator.validate({**document, "schema_version": 2})


def test_json_gives_no_points_where_nothing_was_judged(tmp_path: Path) -> None:
    (path,) = export(everything(), "json", tmp_path)
    document = json.loads(path.read_bytes())
    results = [one for student in document["students"] for one in student["results"]]
    for one in results:
        assert (one["points"] is None) is (one["state"] != "judged")
    ben = document["students"][1]
    assert ben["grade"]["undecided"] == ["5.1.1", "5.1.2"]
    assert "no points are given or taken" in ben["results"][0]["reason"]
    assert "leaves its folder" in document["students"][2]["results"][0]["reason"]
    receipt = document["students"][0]["results"][0]["receipt"]
    assert (receipt["seed"], receipt["sandbox"], len(receipt["code"])) == (7, "bubblewrap", 64)
    assert datetime.fromisoformat(document["latest"]).tzinfo


def cases(path: Path, student: str) -> dict[str, TestCase]:
    """Give a student's cases by topic and name."""
    found = {}
    for suite in JUnitXml.fromfile(str(path)):
        for case in suite:
            who, _, topic = str(case.classname).partition(".")
            if who == student:
                found[f"{topic} {case.name}"] = case
    return found


def test_junit_has_a_case_a_check(tmp_path: Path) -> None:
    (path,) = export(everything(), "junit", tmp_path)
    ada = cases(path, "ada")
    assert ada["5.1.1 test_lend_answers"].is_passed
    (failure,) = ada["5.1.2 test_lend_rejects"].result
    assert isinstance(failure, Failure)
    assert failure.message == "failed: POST /books is answered with 200 instead of 201."
    assert "Expected: 201 Created" in str(failure.text)
    (waits,) = ada["5.1.2 test_drop_rejects"].result
    assert isinstance(waits, Skipped)
    assert waits.message == "blocked: waits for list"


def test_junit_shows_nothing_undecided_as_passed(tmp_path: Path) -> None:
    (path,) = export(everything(), "junit", tmp_path)
    (error,) = cases(path, "ben")["5.1.1 list"].result
    (pending,) = cases(path, "ben")["5.1.2 list"].result
    (broken,) = cases(path, "ben")["5.1.3 test_list_answers"].result
    (refused,) = cases(path, "cleo")["5.1.1 list"].result
    assert isinstance(error, Error)
    assert isinstance(pending, Skipped)
    assert isinstance(broken, Failure)
    assert "Python cannot read app.py" in str(broken.text)
    assert isinstance(refused, Skipped)
    assert "leaves its folder" in str(refused.message)


def test_junit_of_an_error_of_ours_inside_a_verdict(tmp_path: Path) -> None:
    (topic, *_), made = topic_lines(count=1), Made()
    report = report_of(topic, {"list": Verdict.ERROR}).model_copy(
        update={"verdict": Verdict.FAILED}
    )
    row = Row(Student("ada", "Ada"), {topic.id: judged(made, "ada", topic, report)})
    (path,) = export(replace(class_of((topic,), [row], made), latest=None), "junit", tmp_path)
    (error,) = cases(path, "ada")["5.1.1 test_list_rejects"].result
    assert isinstance(error, Error)
    assert "timestamp" not in path.read_text()


def test_junit_counts_what_it_holds(tmp_path: Path) -> None:
    (path,) = export(large(), "junit", tmp_path)
    root = JUnitXml.fromfile(str(path))
    counted = [root.tests, root.failures, root.errors, root.skipped]
    root.update_statistics()  # type: ignore[no-untyped-call]
    assert [root.tests, root.failures, root.errors, root.skipped] == counted
    assert root.tests == len([case for suite in root for case in suite]) > 1000


def test_junit_says_untrusted_in_names_and_properties(tmp_path: Path) -> None:
    (path,) = export(everything(trusted=False), "junit", tmp_path)
    root = JUnitXml.fromfile(str(path))
    assert "UNTRUSTED" in str(root.name)
    for suite in root:
        assert str(suite.name).endswith("UNTRUSTED")
        assert "UNTRUSTED" in {one.name for one in suite.properties()}  # type: ignore[no-untyped-call]
    (path,) = export(everything(), "junit", tmp_path)
    assert b"UNTRUSTED" not in path.read_bytes()


def test_junit_of_hostile_names_is_xml(tmp_path: Path) -> None:
    (path,) = export(everything(), "junit", tmp_path)
    names = [suite.get("name") for suite in ElementTree.parse(path).getroot()]
    assert HOSTILE["script"] in names
    assert r"Ben\x1b[2J\x1b]0;owned\x07 Okri" in names


@pytest.mark.parametrize("name", ["csv", "json", "junit"])
def test_the_same_class_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    (first,) = export(everything(), name, tmp_path / "a")
    (second,) = export(everything(), name, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
