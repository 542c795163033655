"""The class: who is missing, unknown, there twice, and how a student is recognised."""

import os
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.grading.intake import Roster, read_roster
from checker.grading.model import FindingKind, Standing
from checker.grading.store import Store
from tests.grading.intake.downloads import (
    BOOKS,
    BOOKS_APP,
    LOANS,
    LOANS_APP,
    METADATA,
    WORK,
    Reading,
    git,
    put,
    repository,
    zip_of,
)

CLASS = """\
student id,id,name,email,login
1001,51,Ada Lovelace,ada@example.org,alovelace
1002,52,Ben Okri,ben@example.org,bokri
1003,53,José Núñez,jose@example.org,jnunez
1004,54,Kim Lee,kim1@example.org,klee
1005,55,"Lee, Kim",kim2@example.org,klee2
"""


def roster(folder: Path, text: str = CLASS) -> Roster:
    """Read a class."""
    return read_roster(put(folder, {"class.csv": text.encode()}) / "class.csv")


@pytest.mark.parametrize(
    "entry, student",
    [
        ("1001", "1001"),
        ("ALovelace", "1001"),
        ("ada@example.org", "1001"),
        ("Ada Lovelace", "1001"),
        ("Lovelace, Ada", "1001"),
        ("lovelaceada", "1001"),
        ("ada_lovelace", "1001"),
        ("JOSÉ NÚÑEZ", "1003"),
        ("Jose Nun\u0303ez", "1003"),
        ("nunezjose_53_9_5.1.1.zip", "1003"),
        ("whoever_53_9_5.1.1.zip", "1003"),
        ("nunezjose_99_9_5.1.1.zip", "1003"),
        ("Ben Okri_52_assignsubmission_file_5.1.1.zip", "1002"),
        ("leekim_55_9_5.1.1.zip", "1005"),
    ],
)
def test_student_is_recognised(tmp_path: Path, catalog: Catalog, entry: str, student: str) -> None:
    if entry.endswith(".zip"):
        put(tmp_path / "all", {entry: zip_of({"app.py": BOOKS_APP})})
    else:
        put(tmp_path / "all" / entry / "5.1.1", {"app.py": BOOKS_APP})
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path))
    assert reading.ids == ["1001", "1002", "1003", "1004", "1005"]
    assert list(reading.submissions) == [student]
    assert reading.topics(student) == ["5.1.1"]
    assert reading.of(student) == []
    missing = [one.student for one in reading.intake.findings if one.kind is FindingKind.MISSING]
    assert missing == [one for one in reading.ids if one != student]
    assert not any(one.refused for one in reading.intake.findings)


@pytest.mark.parametrize(
    "entry, reason",
    [
        ("Kim Lee", "a name that several students of the roster have (1004, 1005)"),
        ("mallory", "is not on the roster"),
        ("51", "is not on the roster"),
        ("mallory_1001_9_5.1.1.zip", "is not on the roster"),
    ],
)
def test_unknown_student_is_judged_and_listed_last(
    tmp_path: Path, catalog: Catalog, entry: str, reason: str
) -> None:
    text = CLASS if entry != "51" else CLASS.replace("student id,id", "student id,lms id")
    packed = {entry: zip_of({"app.py": BOOKS_APP})} if entry.endswith(".zip") else {}
    put(tmp_path / "all", packed or {f"{entry}/5.1.1/app.py": BOOKS_APP})
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path, text))
    stranger = reading.intake.students[-1]
    assert stranger.standing is Standing.UNKNOWN
    assert [one.standing for one in reading.intake.students[:-1]] == [Standing.LISTED] * 5
    assert reading.topics(stranger.id) == ["5.1.1"]
    assert reading.notes(stranger.id) == [FindingKind.UNKNOWN_STUDENT]
    assert reason in reading.words(stranger.id)
    assert len(set(reading.ids)) == 6


def test_blank_name_is_nobody(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / " ", WORK)
    text = "id,login,email,name\n1,,,Ada\n2,ben,b@x.org,???\n"
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path, text))
    assert reading.ids == ["1", "2", "unnamed"]
    assert list(reading.submissions) == ["unnamed"]


def test_names_that_share_a_beginning_are_logins(tmp_path: Path, catalog: Catalog) -> None:
    for login in ("alovelace", "bokri", "x-klee"):
        put(tmp_path / "all" / f"lab-1-{login}", WORK)
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path))
    assert list(reading.submissions) == ["1001", "1002", "lab-1-x-klee"]


def test_gradescope_groups_meet_the_roster(tmp_path: Path, catalog: Catalog) -> None:
    files = {"submission_metadata.yml": METADATA.encode(), "submission_11/app.py": LOANS_APP}
    reading = Reading(put(tmp_path / "all", files), catalog, roster(tmp_path))
    assert list(reading.submissions) == ["1001", "1002"]


def test_latest_of_two_submissions_wins(tmp_path: Path, catalog: Catalog) -> None:
    early = repository(tmp_path / "all" / "ada", {f"{BOOKS}/app.py": BOOKS_APP})
    repository(tmp_path / "all" / "1001", {f"{LOANS}/app.py": LOANS_APP})
    git(early, "commit", "-q", "--amend", "-m", "Later", time="2026-03-02T12:00:00+01:00")
    put(tmp_path / "all", {"Lovelace Ada.zip": zip_of(WORK)})
    text = CLASS.replace("alovelace", "ada")
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path, text))
    assert reading.topics("1001") == ["5.1.1"]
    assert reading.submission("1001").source == "ada"
    assert reading.words("1001") == (
        "3 submissions: Lovelace Ada.zip, 1001 (2026-03-01 12:00+01:00), "
        "ada (2026-03-02 12:00+01:00); the latest counts, ada."
    )


def test_without_times_the_last_by_name_wins(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", {f"{BOOKS}/app.py": BOOKS_APP})
    put(tmp_path / "all", {"ada.zip": zip_of({f"{LOANS}/app.py": LOANS_APP})})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["ada"]
    assert reading.topics("ada") == ["5.1.2"]
    assert reading.words("ada") == (
        "2 submissions: ada, ada.zip; the last by name counts, ada.zip."
    )


def test_students_of_any_name_have_an_id_of_their_own(tmp_path: Path, catalog: Catalog) -> None:
    names = ['=HYPERLINK("x")', "a,b", "a\nb", "a\rb", " ", "..zip", "5_", "\u202e"]
    names.append(os.fsdecode(b"caf\xe9"))
    for name in names:
        put(tmp_path / "all" / name, WORK)
    put(tmp_path / "all", {"x_7_8_5.1.1.zip": b"", "Y_7_assignsubmission_file_a.py": b""})
    reading = Reading(tmp_path / "all", catalog)
    assert len(reading.ids) == len(set(reading.ids)) == 11
    assert {'=HYPERLINK("x")', "a,b", "a\ufffdb", "a\ufffdb (2)", "unnamed"} < set(reading.ids)
    assert {"7", "7 (2)"} < set(reading.ids)
    assert all(one.isprintable() for one in reading.ids)
    with Store.create(tmp_path / "results") as store:
        store.receive(reading.intake, [], [])
        assert [row.student.id for row in store.gradebook().rows] == reading.ids


def test_roster_alone_gives_everybody_a_row(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all", {"1001.zip": b"broken"})
    reading = Reading(tmp_path / "all", catalog, roster(tmp_path))
    assert reading.refusals("1001") == [(FindingKind.UNREADABLE, None)]
    assert [reading.notes(one) for one in reading.ids[1:]] == [[FindingKind.MISSING]] * 4
    assert reading.words("1002") == "Ben Okri handed in nothing."
