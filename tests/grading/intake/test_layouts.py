"""Whose work lies where: folders, archives, repositories and the downloads of platforms."""

import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError, UsageError
from checker.grading.intake import read_submissions
from checker.grading.model import FindingKind
from checker.workspace import Workspace
from tests.grading.intake.downloads import (
    BOOKS,
    BOOKS_APP,
    LOANS,
    LOANS_APP,
    METADATA,
    WORK,
    Reading,
    member,
    put,
    tar_of,
    zip_of,
)

BOTH = ["5.1.1", "5.1.2"]


@pytest.mark.parametrize("below", ["", "workspace/", "repo-main/workspace/"])
def test_folder_a_student_is_a_workspace(tmp_path: Path, catalog: Catalog, below: str) -> None:
    put(tmp_path / "all" / "ada", {below + path: content for path, content in WORK.items()})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["ada"]
    assert reading.submission("ada").topics == {
        "5.1.1": {"app.py": BOOKS_APP},
        "5.1.2": {"app.py": LOANS_APP},
    }
    assert reading.of("ada") == []


def test_workspace_as_start_makes_it_has_no_findings(
    tmp_path: Path, workspace: Workspace, catalog: Catalog
) -> None:
    put(workspace.root, {".checker/s01_shelf/t01_books/app.py": b"old"})
    (tmp_path / "all").mkdir()
    workspace.root.rename(tmp_path / "all" / "ada")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == BOTH
    assert reading.of("ada") == []
    assert b"old" not in reading.submission("ada").topics["5.1.1"].values()


def test_tools_leave_nothing(tmp_path: Path, catalog: Catalog) -> None:
    noise = {
        "__MACOSX/s01_shelf/t01_books/._app.py": b"",
        ".DS_Store": b"",
        f"{BOOKS}/.DS_Store": b"",
        f"{BOOKS}/__pycache__/app.pyc": b"",
        ".venv/lib/conftest.py": b"",
        "env/pyvenv.cfg": b"",
        "env/lib/sitecustomize.py": b"",
    }
    put(tmp_path / "all" / "ada", {**WORK, **noise})
    put(tmp_path / "all", {"ben.zip": zip_of({**WORK, **noise}), ".DS_Store": b""})
    put(tmp_path / "all", {"cleo.tar.gz": tar_of({**WORK, **noise})})
    reading = Reading(tmp_path / "all", catalog)
    for student in ("ada", "ben", "cleo"):
        assert reading.submission(student).topics["5.1.1"] == {"app.py": BOOKS_APP}
        assert reading.of(student) == []
    assert reading.of(None) == []


@pytest.mark.parametrize(
    "name, suffix",
    [("tar", ""), ("tar.gz", "gz"), ("tgz", "gz"), ("tar.bz2", "bz2"), ("tar.xz", "xz")],
)
def test_tars_are_read(tmp_path: Path, catalog: Catalog, name: str, suffix: str) -> None:
    put(tmp_path / "all", {f"ada.{name}": tar_of(WORK, suffix=suffix)})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == BOTH
    assert reading.of("ada") == []


def test_archive_is_known_by_its_bytes_and_windows_paths_are_paths(
    tmp_path: Path, catalog: Catalog
) -> None:
    windows = zip_of({path.replace("/", "\\"): content for path, content in WORK.items()})
    put(tmp_path / "all", {"ada.zip": tar_of(WORK), "ben.zip": windows})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == reading.topics("ben") == BOTH


def test_folders_and_links_of_an_environment_in_archives_are_nothing(
    tmp_path: Path, catalog: Catalog
) -> None:
    folders = {f"{BOOKS}/": b"", "s01_shelf/": b"", **WORK}
    links = [member("env/bin/python", tarfile.SYMTYPE, "/usr/bin/python")]
    put(tmp_path / "all", {"ada.zip": zip_of(folders, {f"{BOOKS}/": 0o040755})})
    put(tmp_path / "all", {"ben.tgz": tar_of({**WORK, "env/pyvenv.cfg": b""}, links)})
    put(tmp_path / "all", {"cleo.tgz": tar_of(WORK, [member(BOOKS, tarfile.DIRTYPE)])})
    reading = Reading(tmp_path / "all", catalog)
    for student in reading.ids:
        assert reading.topics(student) == BOTH
        assert reading.of(student) == []


def test_canvas_attachments_of_a_student_belong_together(tmp_path: Path, catalog: Catalog) -> None:
    put(
        tmp_path / "all",
        {
            "lovelaceada_101_7001_books-1.zip": zip_of({f"{BOOKS}/app.py": BOOKS_APP}),
            "lovelaceada_101_7002_5.1.2.zip": zip_of({"app.py": LOANS_APP}),
            "okriben_LATE_102_7003_app-2.py": LOANS_APP,
            "smithjo_103_text.html": b"<p>Here it is</p>",
        },
    )
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["101", "102", "103"]
    assert [one.name for one in reading.intake.students] == ["lovelaceada", "okriben", "smithjo"]
    assert reading.topics("101") == BOTH
    assert reading.submission("102").topics == {"5.1.2": {"app.py": LOANS_APP}}
    assert (reading.submission("101").late, reading.submission("102").late) == (False, True)
    assert reading.submission("101").lms_id == "101"
    assert reading.notes("102") == [FindingKind.LATE]
    assert reading.refusals("103") == [(FindingKind.NOTHING_FOUND, None)]
    assert "text.html" in reading.words("103")


def test_moodle_folders_and_files(tmp_path: Path, catalog: Catalog) -> None:
    put(
        tmp_path / "all",
        {
            "Ada Lovelace_77_assignsubmission_file_/work.zip": zip_of(WORK),
            "Ben Okri_78_assignsubmission_file_5.1.1.zip": zip_of({"app.py": b"x = 1"}),
            "Jo_79_assignsubmission_onlinetext_/onlinetext.html": b"",
        },
    )
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["77", "78", "79"]
    assert reading.intake.students[0].name == "Ada Lovelace"
    assert reading.topics("77") == BOTH
    assert reading.topics("78") == ["5.1.1"]
    assert reading.refusals("79") == [(FindingKind.NOTHING_FOUND, None)]


@pytest.mark.parametrize(
    "name, owner",
    [
        ("Ada_77_assignsubmission_file_Ben Okri_78_assignsubmission_file_5.1.1.zip", "77"),
        ("Ada_77_assignsubmission_file_okriben_78_9_5.1.1.zip", "77"),
        ("lovelaceada_77_9_okriben_78_9_5.1.1.zip", "77"),
        ("lovelaceada_LATE_77_9_Ben Okri_78_assignsubmission_file_5.1.1.zip", "77"),
    ],
)
def test_file_cannot_be_named_into_another_row(
    tmp_path: Path, catalog: Catalog, name: str, owner: str
) -> None:
    put(tmp_path / "all", {name: zip_of(WORK)})
    assert Reading(tmp_path / "all", catalog).ids == [owner]


def test_gradescope_export_has_groups_and_times(tmp_path: Path, catalog: Catalog) -> None:
    export = put(
        tmp_path / "all" / "assignment_5_export",
        {
            "submission_metadata.yml": METADATA.encode(),
            "submission_11/app.py": LOANS_APP,
            "submission_12/app.py": BOOKS_APP,
            "submission_13/app.py": BOOKS_APP,
        },
    )
    for folder in (export, export.parent):
        reading = Reading(folder, catalog)
        assert reading.ids == ["1001", "ben@example.org", "submission_13"]
        ada, ben = reading.submission("1001"), reading.submission("ben@example.org")
        assert ada.topics == ben.topics == {"5.1.2": {"app.py": LOANS_APP}}
        assert ada.submitted_at == datetime(2026, 3, 1, 18, 4, 18, 353150, tzinfo=UTC)
        assert reading.intake.students[0].email == "ada@example.org"
        assert reading.notes("1001") == [FindingKind.SUBMITTED_TWICE]
        assert "submission_12 (2026-02-01 10:00+01:00)" in reading.words("1001")


@pytest.mark.parametrize("content", [b"a: [", b"\xff", b"x" * 100, b"[" * 99])
def test_malformed_metadata_leaves_the_folders(
    tmp_path: Path, catalog: Catalog, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.grading.intake.gradescope._LARGEST", 99)
    files = {"submission_metadata.yml": content, "submission_11/app.py": LOANS_APP}
    reading = Reading(put(tmp_path / "all", files), catalog)
    assert reading.ids == ["submission_11"]
    assert "submission_metadata.yml cannot be read" in reading.words(None)


@pytest.mark.parametrize("time", ["soon", "17", ""])
def test_time_that_is_none_is_not_believed(tmp_path: Path, catalog: Catalog, time: str) -> None:
    metadata = f"submission_11:\n  :created_at: {time}\n  :submitters:\n  - :sid: 7\nx: y\n"
    files = {"submission_metadata.yml": metadata.encode(), "submission_11/app.py": LOANS_APP}
    reading = Reading(put(tmp_path / "all", files), catalog)
    assert reading.ids == ["7"]
    assert reading.submission("7").submitted_at is None


def test_same_name_twice_in_a_download_is_refused(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        packed = zip_of([("x_5_6_app.py", LOANS_APP), ("x_5_6_app.py", BOOKS_APP)])
    put(tmp_path, {"all.zip": packed})
    reading = Reading(tmp_path / "all.zip", catalog)
    assert reading.refusals("5") == [(FindingKind.NAME_COLLISION, None)]


def test_bomb_in_a_download_refuses_its_topic(tmp_path: Path, catalog: Catalog) -> None:
    bomb = {f"Ada_1_assignsubmission_file_/{BOOKS}/app.py": bytes(5_000_000)}
    bomb |= {f"Ada_1_assignsubmission_file_/{LOANS}/app.py": LOANS_APP}
    put(tmp_path, {"all.zip": zip_of({**bomb, "x_5_6_app.zip": bytes(60_000_000)})})
    reading = Reading(tmp_path / "all.zip", catalog)
    assert reading.refusals("1") == [(FindingKind.BOMB, "5.1.1")]
    assert reading.topics("1") == ["5.1.2"]
    assert reading.refusals("5") == [(FindingKind.BOMB, None)]


def test_lab_that_cannot_be_read_is_our_fault(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("checker.grading.intake.labs.read_tree", fail)
    put(tmp_path / "all" / "ada", WORK)
    with pytest.raises(EnvironmentFaultError, match="A lab cannot be read"):
        read_submissions(tmp_path / "all", catalog)


@pytest.mark.parametrize("wrapper", ["", "all/"])
def test_download_is_read_without_unpacking(tmp_path: Path, catalog: Catalog, wrapper: str) -> None:
    download = zip_of(
        {
            f"{wrapper}Ada Lovelace_77_assignsubmission_file_/work.zip": zip_of(WORK),
            f"{wrapper}Ben Okri_78_assignsubmission_file_/s01_shelf/t01_books/app.py": BOOKS_APP,
            f"{wrapper}okriben_LATE_102_7003_app.py": LOANS_APP,
            f"{wrapper}__MACOSX/._x": b"",
            "../evil": b"",
        }
    )
    alone = put(tmp_path / "folder", {"download.zip": download})
    put(tmp_path, {"all.zip": download})
    for place in (tmp_path / "all.zip", alone):
        reading = Reading(place, catalog)
        assert reading.ids == ["77", "78", "102"]
        assert [reading.topics(one) for one in reading.ids] == [BOTH, ["5.1.1"], ["5.1.2"]]
        assert reading.notes(None) == [FindingKind.ESCAPE]


def test_download_of_plain_folders_in_a_folder_of_its_own_name(
    tmp_path: Path, catalog: Catalog
) -> None:
    files = {"class/ada/s01_shelf/t01_books/app.py": BOOKS_APP, "class/ben.zip": zip_of(WORK)}
    put(tmp_path, {"class.zip": zip_of(files)})
    reading = Reading(tmp_path / "class.zip", catalog)
    assert (reading.topics("ada"), reading.topics("ben")) == (["5.1.1"], BOTH)


def test_attacks_in_a_download_stay_in_their_row(tmp_path: Path, catalog: Catalog) -> None:
    folder = "{}_{}_assignsubmission_file_"
    ada, ben, jo, kim, lea = (folder.format(n, i) for i, n in enumerate(["A", "B", "J", "K", "L"]))
    files = [
        (f"{ada}/{BOOKS}/app.py", BOOKS_APP),
        (f"{ben}/{BOOKS}/../../../{ada}/{BOOKS}/app.py", b"evil"),
        (f"{jo}/work.zip", b"PK\x03\x04broken"),
        (f"{kim}/{BOOKS}/app.py", b"../../x"),
        ("x_5_6_app.py", LOANS_APP),
        ("y_8_9_app.py", b"/etc/passwd"),
        (lea, zip_of(WORK)),
    ]
    links = {f"{kim}/{BOOKS}/app.py": 0o120777, "x_5_6_app.py": 0o010644, "y_8_9_app.py": 0o120777}
    put(tmp_path, {"all.zip": zip_of(files, links)})
    reading = Reading(tmp_path / "all.zip", catalog)
    assert reading.submission("0").topics == {"5.1.1": {"app.py": BOOKS_APP}}
    assert reading.of("0") == []
    assert reading.refusals("1") == [(FindingKind.ESCAPE, None)]
    assert reading.refusals("2") == [(FindingKind.UNREADABLE, None)]
    assert reading.refusals("3") == [(FindingKind.LINK, "5.1.1")]
    assert reading.refusals("5") == [(FindingKind.SPECIAL_FILE, None)]
    assert reading.refusals("8") == [(FindingKind.LINK, None)]
    assert reading.topics("4") == BOTH


@pytest.mark.parametrize("name", ["workspace", "ada"])
def test_lone_workspace_is_one_student(tmp_path: Path, catalog: Catalog, name: str) -> None:
    reading = Reading(put(tmp_path / name, WORK), catalog)
    assert reading.ids == [name]
    assert reading.topics(name) == BOTH
    put(tmp_path, {f"{name}.zip": zip_of(WORK)})
    reading = Reading(tmp_path / f"{name}.zip", catalog)
    assert (reading.ids, reading.topics(name)) == ([name], BOTH)


def test_loose_file_belongs_to_nobody(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", WORK)
    put(tmp_path / "all", {"grades.csv": b""})
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["ada"]
    assert "grades.csv lies beside the submissions" in reading.words(None)


def test_skipped_folder_is_no_student(tmp_path: Path, catalog: Catalog) -> None:
    put(tmp_path / "all" / "ada", WORK)
    put(tmp_path / "all" / "results", {"results.sqlite3": b""})
    skip = (tmp_path / "all" / "results",)
    found = read_submissions(tmp_path / "all", catalog, skip=skip)
    assert [one.id for one in found.students] == ["ada"]


def test_order_of_the_file_system_does_not_matter(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["hw10", "hw9", "Zoe", "ada", "ben"]
    for name in names:
        put(tmp_path / "one" / name, WORK)
    for name in reversed(names):
        put(tmp_path / "two" / name, dict(reversed(WORK.items())))
    first = read_submissions(tmp_path / "one", catalog)
    assert first == read_submissions(tmp_path / "two", catalog)
    assert [one.id for one in first.students] == ["ada", "ben", "hw9", "hw10", "Zoe"]
    monkeypatch.chdir(tmp_path)
    assert read_submissions(Path("one"), catalog) == first


def test_nothing_to_read_is_said(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path, {"broken.zip": b"PK", "class.tar": b""})
    for name, words in {
        "empty": "has no submission",
        "gone": "There is no folder",
        "broken.zip": "is damaged",
        "class.tar": "is damaged",
    }.items():
        with pytest.raises(UsageError, match=words) as caught:
            read_submissions(tmp_path / name, catalog)
        assert caught.value.remedy
