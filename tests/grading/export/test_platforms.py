"""Gradescope, GitHub Classroom, Canvas and Moodle: what their readers get."""

import base64
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from checker.errors import UsageError
from checker.grading.export import export
from checker.grading.export.sheet import number_in, read_sheet
from checker.grading.policy_file import parse_policy
from tests.grading.class_of import everything, large

GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (77),Labs (78),Current Score\r\n"
    "    Points Possible,,,,,10,12,(read only)\r\n"
    '"Lovelace, Ada",101,x1,ada,A,9,,90\r\n'
    '"Okri, Ben",102,x2,ben,A,8,3,80\r\n'
    "Nobody,999,x9,nobody,A,1,2,10\r\n"
    '"Student, Test",,,,A,,,\r\n'
)
WORKSHEET = (
    "Identifier;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Kommentar\r\n"
    "Teilnehmer/in 101;Ada L.;lovelace@example.org;Abgegeben;;12,00;gut\r\n"
    "Teilnehmer/in 7;B. Okri;BEN@example.org;Abgegeben;;12,00;\r\n"
    "Teilnehmer/in 8;Cleo;;Abgegeben;;12,00;\r\n"
    "Teilnehmer/in 9;Niemand;;;5;12,00;\r\n"
)


class Heard(list[str]):
    """The sentences for the person who exports."""

    def about(self, words: str) -> list[str]:
        """Give those that hold the words."""
        return [one for one in self if words in one]


def documents(folder: Path, format_: str, pattern: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Export everybody and read the JSON of each student."""
    export(everything(trusted=more.pop("trusted", True)), format_, folder, **more)
    return {
        str(path.relative_to(folder)).partition("/")[0].removesuffix(".json"): json.loads(
            path.read_bytes()
        )
        for path in folder.glob(pattern)
    }


def filled(
    tmp_path: Path,
    template: str,
    format_: str,
    heard: Heard | None = None,
    encoding: str = "utf-8",
    **more: Any,  # noqa: ANN401 - handed on as they come
) -> list[list[str]]:
    """Fill a template in and read the rows."""
    (tmp_path / "template.csv").write_bytes(template.encode(encoding))
    trusted = more.pop("trusted", True)
    (path,) = export(
        everything(trusted=trusted),
        format_,
        tmp_path / "filled.csv",
        template=tmp_path / "template.csv",
        say=(Heard() if heard is None else heard).append,
        **more,
    )
    text = path.read_bytes().decode(encoding)
    delimiter = ";" if ";" in template else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_gradescope_scores_are_the_manifests(tmp_path: Path) -> None:
    found = documents(tmp_path, "gradescope", "*/results.json")
    ada = found["ada"]
    assert ada["score"] == sum(test["score"] for test in ada["tests"]) == 5
    assert sum(test["max_score"] for test in ada["tests"]) == 12
    statuses = {test["name"]: test["status"] for test in ada["tests"]}
    assert statuses["5.1.1 Lend a book"] == "passed"
    assert statuses["5.1.2 Lend a book (failed)"] == "failed"
    assert statuses["5.1.2 Take a book back (blocked)"] == "failed"
    assert statuses["5.1.3 List the books (absent)"] == "failed"
    card = next(test["output"] for test in ada["tests"] if test["name"].endswith("(failed)"))
    assert "Expected: 201 Created" in card
    assert {test["visibility"] for test in ada["tests"]} == {"visible"}


def test_gradescope_gives_no_score_where_nothing_was_judged(tmp_path: Path) -> None:
    ben = documents(tmp_path, "gradescope", "*/results.json")["ben"]
    assert ben["output"].startswith("NOT FINAL: 5.1.1, 5.1.2 not judged yet.")
    waiting = [test for test in ben["tests"] if "status" not in test]
    assert len(waiting) == 6
    assert not [test for test in waiting if "score" in test]
    assert "no points are given or taken" in waiting[0]["output"]


def test_gradescope_names_refusals_and_the_policy(tmp_path: Path) -> None:
    policy = parse_policy("[late]\ndeadline = 2026-12-01T00:00:00Z\nper_day = 20\n")
    found = documents(tmp_path, "gradescope", "*/results.json", policy=policy)
    assert (found["ada"]["score"], found["ada"]["extra_data"]["penalty"]) == (4.0, 1.0)
    assert "20 percent were taken" in found["ada"]["output"]
    assert "The archive leaves its folder" in found["cleo"]["output"]


def test_classroom_is_base64_of_the_json_beside_it(tmp_path: Path) -> None:
    found = documents(tmp_path, "classroom", "*.json")
    for name, result in found.items():
        encoded = (tmp_path / f"{name}.result").read_bytes()
        assert json.loads(base64.b64decode(encoded, validate=False)) == result
        assert b"\n" not in encoded.rstrip(b"\n")
        assert set(result) == {"version", "status", "max_score", "tests"}
        assert result["max_score"] == 12
    assert [found[one]["status"] for one in ("ada", "ben", "cleo", "h-comma")] == [
        "fail", "error", "fail", "pass",
    ]  # fmt: skip
    assert sum(test["score"] for test in found["ada"]["tests"]) == 5
    statuses = {test["name"]: test["status"] for test in found["ben"]["tests"]}
    assert (statuses["5.1.1 Lend a book"], statuses["5.1.3 Lend a book"]) == ("error", "fail")


def test_canvas_without_a_template_has_its_columns(tmp_path: Path) -> None:
    heard = Heard()
    (path,) = export(everything(), "canvas", tmp_path, say=heard.append, title="Labs")
    with path.open(encoding="utf-8", newline="") as stream:
        header, points, ada, ben, *others = csv.reader(stream)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Labs"]
    assert points == ["    Points Possible", "", "", "", "", "12"]
    assert ada == ["Ada Lovelace", "101", "", "ada", "A", "5"]
    assert ben == ["Ben Okri", "102", "", "", "", ""]
    assert others[1][:2] == ['\'=HYPERLINK("http://evil.example","grades")', ""]
    assert others[1][3] == "h-formula"
    assert heard.about("Ben Okri: 5.1.1, 5.1.2 not judged yet: left empty")


def test_canvas_fills_in_its_own_column_and_keeps_the_rest(tmp_path: Path) -> None:
    heard = Heard()
    rows = filled(tmp_path, GRADEBOOK, "canvas", heard, column="labs")
    before = list(csv.reader(io.StringIO(GRADEBOOK, newline="")))
    assert rows[2][6] == "5"
    assert rows[3][6] == ""
    before[2][6], before[3][6] = "5", ""
    assert rows == before
    assert heard.about("Nobody 999 x9: in the template only")
    assert heard.about("Cleo (cleo): not in the template")
    assert b"\r\n" in (tmp_path / "filled.csv").read_bytes()


def test_canvas_appends_a_column_that_is_not_there(tmp_path: Path) -> None:
    heard = Heard()
    rows = filled(tmp_path, GRADEBOOK, "canvas", heard, column="New", partial=True)
    assert [row[-1] for row in rows] == ["New", "12", "5", "0", "", ""]
    assert heard.about("Canvas will make that assignment")
    assert heard.about("Ben Okri: 5.1.1, 5.1.2 not judged yet: counted as 0")


def test_canvas_column_of_several_must_be_chosen(tmp_path: Path) -> None:
    twice = GRADEBOOK.replace("Essay (77)", "Labs (77)")
    with pytest.raises(UsageError, match=r"several columns 'Labs': 'Labs \(77\)', 'Labs \(78\)'"):
        filled(tmp_path, twice, "canvas", column="Labs")
    assert filled(tmp_path, twice, "canvas", column="Labs (78)")[2][5:7] == ["9", "5"]


def test_canvas_never_overwrites_grades_with_untrusted_ones(tmp_path: Path) -> None:
    rows = filled(tmp_path, GRADEBOOK, "canvas", column="Labs", trusted=False)
    assert rows[0][-1] == "Labs UNTRUSTED"
    assert rows[3][6] == "3"


def test_points_that_differ_from_the_platforms_are_told(tmp_path: Path) -> None:
    heard = Heard()
    policy = parse_policy("[scale]\nto = 100\n")
    filled(tmp_path, GRADEBOOK, "canvas", heard, column="Labs", policy=policy)
    filled(tmp_path, WORKSHEET, "moodle", heard, policy=policy)
    assert heard.about("Canvas offers 12 points and the grades are out of 100")
    assert heard.about("Moodle offers 12,00 points and the grades are out of 100")
    strange = GRADEBOOK.replace(",10,12,", ",10,many,")
    filled(tmp_path, strange, "canvas", heard, column="Labs")
    assert heard.about("Canvas offers many points")
    filled(tmp_path, WORKSHEET.replace("12,00", "gut"), "moodle", heard)


def test_canvas_wants_its_own_gradebook(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no gradebook of Canvas: it has no column 'ID'"):
        filled(tmp_path, "Student,Grade\nAda,1\n", "canvas")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_moodle_worksheet_is_filled_in_as_it_was(encoding: str, tmp_path: Path) -> None:
    heard = Heard()
    rows = filled(tmp_path, WORKSHEET, "moodle", heard, encoding)
    before = list(csv.reader(io.StringIO(WORKSHEET, newline=""), delimiter=";"))
    before[1][4], before[3][4] = "5", "0"
    assert rows == before
    assert heard.about("Ben Okri: 5.1.1, 5.1.2 not judged yet")
    assert heard.about("Niemand: in the template only")
    assert heard.about("Lovelace, Ada (h-comma): not in the template")


def test_moodle_column_may_be_chosen(tmp_path: Path) -> None:
    strange = WORKSHEET.replace("Bewertung", "Gradus")
    with pytest.raises(UsageError, match="which column takes the grade") as caught:
        filled(tmp_path, strange, "moodle")
    assert "Gradus" in caught.value.remedy
    assert filled(tmp_path, strange, "moodle", column="gradus")[1][4] == "5"
    with pytest.raises(UsageError, match="has no column 'Note'"):
        filled(tmp_path, strange, "moodle", column="Note")
    with pytest.raises(UsageError, match="has 2 columns 'Note'"):
        filled(tmp_path, "Note;Note\n1;2\n", "moodle", column="Note")


def test_moodle_says_untrusted_in_a_column_of_its_own(tmp_path: Path) -> None:
    rows = filled(tmp_path, WORKSHEET, "moodle", trusted=False)
    assert rows[0][-1] == "UNTRUSTED"
    assert all(row[-1].startswith("UNTRUSTED") for row in rows[1:])


def test_a_name_that_two_share_fills_nothing(tmp_path: Path) -> None:
    heard = Heard()
    sheet = "Identifier,Full name,Grade\nParticipant 1,Cleo,\nParticipant 2,Cleo,\n"
    rows = filled(tmp_path, sheet, "moodle", heard)
    assert [row[2] for row in rows[1:]] == ["0", ""]
    assert heard.about("Cleo: a second line is left as it is")


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "no CSV file"),
        (b"PK\x03\x04rest", "no CSV file"),
        (b'Grade\n"1', "no CSV file: .*end of data"),
        (b"\xff\xfe\x00", "encoding of .* not known"),
        (b"Grade\n\x81\n", "encoding of .* not known"),
        (b"Grade\x00\n1\n", "encoding of .* not known"),
    ],
)
def test_templates_that_are_no_table(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_sheet(tmp_path / "t.csv")
    with pytest.raises(UsageError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")


def test_quotes_of_a_template_are_kept(tmp_path: Path) -> None:
    text = '"Identifier","Grade"\n"Participant 101",""\n'
    filled(tmp_path, text, "moodle")
    assert (tmp_path / "filled.csv").read_text() == text.replace('""', '"5"')


def test_the_number_of_a_participant_ends_the_cell() -> None:
    assert number_in("Participant 17") == number_in("参加者17 ") == "17"
    assert number_in("17 Participants") == ""


def test_formats_say_what_they_need(tmp_path: Path) -> None:
    book = large(3)
    for name, more, words in (
        ("xml", {}, "no format 'xml'"),
        ("csv", {"template": tmp_path}, "csv fills in no file"),
        ("csv", {"column": "A"}, "csv has no column"),
        ("moodle", {}, "fills in a file that you downloaded"),
        ("csv", {"students": ["s9"]}, "no student 's9'"),
    ):
        with pytest.raises(UsageError, match=words):
            export(book, name, tmp_path, **more)
