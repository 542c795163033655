"""Rosters as instructors have them, and every way in which one can be wrong."""

from pathlib import Path

import pytest

from checker.errors import UsageError
from checker.grading.intake import Roster, read_roster
from checker.grading.model import Student

ADA = ("1001", "Ada Lovelace", "ada@example.org", "alovelace", "A")


def read(folder: Path, text: str | bytes) -> Roster:
    """Read a roster of a text."""
    path = folder / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_known_by_their_names(
    tmp_path: Path, delimiter: str, encoding: str, end: str
) -> None:
    lines = [
        ("Student ID", "Full Name", "E-Mail", "Login", "Section", "Tutor"),
        ("1001", "Ada Lovelace", "ada@example.org", "alovelace", "A", "Änne, x"),
        ("", "", "", "", "", ""),
        ("1002", "Ben Okri", "", "", "", ""),
    ]
    rows = [[f'"{cell}"' if "," in cell else cell for cell in line] for line in lines]
    text = end.join(delimiter.join(row) for row in rows) + end
    roster = read(tmp_path, text.encode(encoding))
    ada, ben = roster.students
    assert ada == Student(*ADA, columns={"Tutor": "Änne, x"})
    assert (ben.id, ben.name, ben.email) == ("1002", "Ben Okri", "")


def test_first_and_last_name_are_joined_and_a_login_may_be_the_id(tmp_path: Path) -> None:
    roster = read(tmp_path, "sep=;\nFirst name;Last name;Username\nAda;Lovelace;ada\n;;ben\n")
    assert [(one.id, one.name) for one in roster.students] == [
        ("ada", "Ada Lovelace"),
        ("ben", "ben"),
    ]
    assert read(tmp_path, "email\nada@example.org\n").students[0].id == "ada@example.org"


def test_gradebook_of_canvas(tmp_path: Path) -> None:
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (77)\n    Points Possible,,,,,10\n"
    full = '"Lovelace, Ada",11,u1,ada,A,\n"Okri, Ben",12,u2,ben,A,3\n"Student, Test",13,,x,A,\n'
    roster = read(tmp_path, head + full)
    assert [one.id for one in roster.students] == ["u1", "u2"]
    assert roster.students[0].name == "Lovelace, Ada"
    assert roster.students[0].columns == {"ID": "11", "Lab 1 (77)": ""}
    assert roster.lms_ids == {"u1": "11", "u2": "12"}
    roster = read(tmp_path, head + full.replace("u2", ""))
    assert [one.id for one in roster.students] == ["11", "12"]
    assert roster.students[0].columns == {"SIS User ID": "u1", "Lab 1 (77)": ""}


def test_worksheet_of_moodle(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        "Identifier,Full name,Email address,Grade\nParticipant 77,Ada Lovelace,ada@example.org,\n",
    )
    [ada] = roster.students
    assert (ada.id, ada.name, ada.email) == ("Participant 77", "Ada Lovelace", "ada@example.org")
    assert ada.columns == {"Grade": ""}
    assert roster.lms_ids == {"Participant 77": "77"}


def test_rosters_of_gradescope_and_github(tmp_path: Path) -> None:
    text = (
        "First Name,Last Name,SID,Email,Role\nAda,Lovelace,7,a@x.org,Student\nKim,Lee,,k@x.org,TA\n"
    )
    [ada] = read(tmp_path, text).students
    assert (ada.id, ada.name, ada.columns) == ("7", "Ada Lovelace", {"Role": "Student"})
    text = "identifier,github_username,github_id,name\nada99,octo,123,\n"
    roster = read(tmp_path, text)
    assert (roster.students[0].id, roster.students[0].login) == ("ada99", "octo")
    assert roster.lms_ids == {"ada99": "ada99"}
    assert read(tmp_path, "identifier,x\nTeilnehmer/in77,\n").lms_ids == {"Teilnehmer/in77": "77"}


def test_names_are_kept_as_they_are_without_controls(tmp_path: Path) -> None:
    text = 'id,name\n=HYPERLINK(1),"Ada\nLovelace, \u202eCountess"\n"a\x1bb",x\n'
    first, second = read(tmp_path, text).students
    assert first.id == "=HYPERLINK(1)"
    assert first.name == "Ada\ufffdLovelace, \ufffdCountess"
    assert second.id == "a\ufffdb"


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "class.csv is empty"),
        ("\n\n", "class.csv is empty"),
        ("id,name\n", "no student below line 1"),
        ("colour,size\nred,1\n", "line 1 has no column that is known"),
        ("name,section\nAda,A\n", "no column names students for certain"),
        ("id,name\n1,Ada\n,Ben\n", "line 3 has nothing in the column 'id'"),
        ("id,name\n1,Ada\n\n1,Ben\n", "lines 2 and 4 both have the id '1'"),
        ("id,name\n1,Lovelace, Ada\n", "line 2 has 3 cells, line 1 has 2"),
        ('id,name\n1,"Ada\n', "line 2 is malformed"),
        ('id,name\n1,"Ada\nB"\n2,"x"y\n', "line 4 is malformed"),
        ("sep=;\nid;name\n1;Ada\n1;Ben\n", "lines 3 and 4 both have the id '1'"),
        ("id,name\n1,Änne\n2,Öz\n".encode("cp1252"), "line 2 is not UTF-8; it looks like Windows"),
        (b"PK\x03\x04rest of a spreadsheet", "is no CSV file"),
        (b"id\0name", "is no CSV file"),
        ("id\n".encode("utf-16")[:-1], "is not UTF-16"),
    ],
)
def test_bad_roster_is_said_with_line_and_remedy(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert words in caught.value.message
    assert caught.value.remedy


def test_roster_that_is_not_there_or_too_large_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_roster(tmp_path / "gone.csv")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_roster(tmp_path)
    monkeypatch.setattr("checker.grading.intake.roster.LARGEST", 5)
    with pytest.raises(UsageError, match="is larger than 5 bytes"):
        read(tmp_path, "id\n1\n2\n")
