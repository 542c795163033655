"""The learner's copy: whatever is replaced can be had back, whatever stands in the way is kept."""

import errno
import os
import sys
from pathlib import Path

import pytest

from checker import workspace as module
from checker.catalog import Catalog, Topic
from checker.errors import EnvironmentFaultError, ExitCode, NothingToDoError, UsageError
from checker.progress import EventKind
from checker.workspace import Workspace


@pytest.fixture
def topic(catalog: Catalog) -> Topic:
    """Give the first topic of the tiny curriculum."""
    return catalog.topics[0]


@pytest.fixture
def app(workspace: Workspace, topic: Topic) -> Path:
    """Give the learner's app of the first topic."""
    return workspace.folder(topic) / "app.py"


def starter(tiny: Path) -> str:
    """Give the text that the first lab starts with."""
    return (tiny / "labs/s01_shelf/t01_books/app.py").read_text()


def test_create_copies_each_written_lab(workspace: Workspace, tiny: Path, topic: Topic) -> None:
    assert workspace.folder(topic) == workspace.root / "s01_shelf" / "t01_books"
    assert (workspace.folder(topic) / "app.py").read_text() == starter(tiny)
    assert sorted(path.name for path in (workspace.root / "s01_shelf").iterdir()) == [
        "t01_books",
        "t02_loans",
    ]
    assert ".checker/" in (workspace.root / ".gitignore").read_text().splitlines()
    assert "checker watch" in (workspace.root / "README.md").read_text()


def test_create_again_changes_nothing_and_adds_new_topics(
    workspace: Workspace, tiny: Path, app: Path
) -> None:
    app.write_text("mine")
    (workspace.root / "README.md").write_text("my notes")
    lesson = (tiny / "curriculum/s01_shelf/t02_loans.md").read_text()
    (tiny / "curriculum/s01_shelf/t03_fines.md").write_text(lesson)
    (tiny / "labs/s01_shelf/t02_loans").rename(tiny / "labs/s01_shelf/t03_fines")
    assert [topic.id for topic in workspace.create()] == ["5.1.3"]
    assert workspace.create() == ()
    assert app.read_text() == "mine"
    assert (workspace.root / "README.md").read_text() == "my notes"


def test_create_leaves_no_half_of_a_lab_behind(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    workspace = Workspace.locate(catalog=catalog)
    monkeypatch.setattr(module, "write_tree", full)
    with pytest.raises(EnvironmentFaultError, match="disk is full"):
        workspace.create()
    assert list((workspace.root / "s01_shelf").iterdir()) == []
    monkeypatch.undo()
    assert len(Workspace(workspace.root, catalog).create()) == 2
    workspace.progress.close()


def test_create_over_a_file_is_the_users_error(catalog: Catalog) -> None:
    workspace = Workspace.locate(catalog=catalog)
    workspace.root.write_text("a letter")
    with pytest.raises(UsageError, match="is a file"):
        workspace.create()
    assert workspace.root.read_text() == "a letter"


def test_create_below_a_file_is_the_users_error(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("a letter")
    with pytest.raises(UsageError, match="letter is a file"):
        Workspace(tmp_path / "letter" / "workspace", catalog).create()


def test_missing_labs_ask_to_reinstall(catalog: Catalog, tiny: Path) -> None:
    (tiny / "labs").rename(tiny / "gone")
    with pytest.raises(EnvironmentFaultError) as caught:
        Workspace.locate(catalog=catalog).create()
    assert caught.value.remedy == "Reinstall the workbook."


def protect(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Let every write of a file fail with an error code."""

    def refuse(target: Path, _: bytes) -> None:
        raise OSError(code, os.strerror(code), str(target))

    monkeypatch.setattr(module, "write_whole", refuse)


@pytest.mark.parametrize(
    "code, message",
    [
        (errno.EACCES, "Not allowed to change"),
        (errno.EROFS, "Not allowed to change"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EIO, "Cannot change"),
    ],
)
def test_reset_that_cannot_write_says_why_and_loses_nothing(
    workspace: Workspace,
    topic: Topic,
    app: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    message: str,
) -> None:
    app.write_text("mine")
    protect(monkeypatch, code)
    with pytest.raises(EnvironmentFaultError, match=message) as caught:
        workspace.reset(topic)
    assert caught.value.remedy
    assert caught.value.exit_code == ExitCode.FAULT
    assert app.read_text() == "mine"


def test_commands_before_start_point_to_it(catalog: Catalog, topic: Topic) -> None:
    workspace = Workspace.locate(catalog=catalog)
    assert not workspace.exists
    for action in (workspace.read, workspace.reset, workspace.diff):
        with pytest.raises(NothingToDoError) as caught:
            action(topic)
        assert caught.value.remedy == "`checker start`"


def test_topic_whose_folder_is_gone_comes_back_by_reset(
    workspace: Workspace, topic: Topic, app: Path, tiny: Path
) -> None:
    app.unlink()
    app.parent.rmdir()
    with pytest.raises(NothingToDoError) as caught:
        workspace.read(topic)
    assert caught.value.remedy == "`checker reset 5.1.1`"
    workspace.reset(topic)
    assert app.read_text() == starter(tiny)


def test_read_leaves_out_tools_links_and_large_files(
    workspace: Workspace, topic: Topic, app: Path, tmp_path: Path
) -> None:
    folder = app.parent
    (tmp_path / "secret").write_text("secret")
    for name in (".venv", "__pycache__", ".git", "htmlcov"):
        (folder / name).mkdir()
        (folder / name / "x.py").write_text("")
    (folder / ".coverage").write_text("what a run has measured")
    (folder / "large.bin").write_bytes(b"0" * 1_000_001)
    (folder / "link.py").symlink_to(tmp_path / "secret")
    if sys.platform == "linux":
        (folder / os.fsdecode(b"caf\xe9.py")).write_text("")
    (folder / ".env").write_text("KEY=1")
    for name in (".github/tests.yml", "shelf/__init__.py"):
        (folder / name).parent.mkdir()
        (folder / name).write_text("")
    wanted = [".env", ".github/tests.yml", "app.py", "shelf/__init__.py"]
    assert sorted(workspace.read(topic)) == wanted


def test_reset_brings_the_lab_back_and_undo_the_work(
    workspace: Workspace, topic: Topic, app: Path, tiny: Path
) -> None:
    app.write_text("mine")
    extra = app.parent / "shelf" / "mine.py"
    extra.parent.mkdir()
    extra.write_text("extra")
    mine = workspace.read(topic)
    replaced = workspace.reset(topic)
    assert replaced.changed == ("app.py", "shelf/mine.py")
    assert replaced.aside == ()
    assert app.read_text() == starter(tiny)
    assert not extra.parent.exists()
    workspace.undo(topic)
    assert workspace.read(topic) == mine
    workspace.undo(topic)
    assert app.read_text() == starter(tiny)
    assert not extra.exists()


def test_undo_keeps_what_was_written_after_the_reset(
    workspace: Workspace, topic: Topic, app: Path
) -> None:
    app.write_text("first")
    workspace.reset(topic)
    app.write_text("second")
    workspace.undo(topic)
    assert app.read_text() == "first"
    workspace.undo(topic)
    assert app.read_text() == "second"


def test_reset_of_an_untouched_lab_is_no_event(workspace: Workspace, topic: Topic) -> None:
    assert workspace.reset(topic).changed == ()
    assert workspace.progress.events(topic.id, EventKind.RESET) == []
    with pytest.raises(NothingToDoError, match="Nothing to undo"):
        workspace.undo(topic)


def test_solution_and_restore_can_be_undone(
    workspace: Workspace, topic: Topic, app: Path, tiny: Path
) -> None:
    app.write_text("mine")
    before = workspace.take_solution(topic).snapshot
    assert before is not None
    assert app.read_text() == (tiny / "solutions/s01_shelf/t01_books/app.py").read_text()
    workspace.restore(topic, before[:8])
    assert app.read_text() == "mine"
    workspace.undo(topic)
    assert app.read_text() == (tiny / "solutions/s01_shelf/t01_books/app.py").read_text()


@pytest.mark.parametrize("name", ["ffffffffff", "", "abc", "../x"])
def test_unknown_snapshot_is_the_users_error(workspace: Workspace, topic: Topic, name: str) -> None:
    with pytest.raises(UsageError, match="No snapshot"):
        workspace.restore(topic, name)


def test_snapshot_of_another_topic_is_not_taken(workspace: Workspace, catalog: Catalog) -> None:
    books, loans = catalog.topics[:2]
    name = workspace.progress.events(loans.id)[0].snapshot
    assert name is not None
    with pytest.raises(UsageError, match=r"No snapshot of 5\.1\.1"):
        workspace.restore(books, name)


def test_what_no_snapshot_holds_is_set_aside(
    workspace: Workspace, topic: Topic, app: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.py"
    notes.write_text("elsewhere")
    app.unlink()
    app.symlink_to(notes)
    assert workspace.reset(topic).aside == ("app.py.kept-1",)
    assert (app.parent / "app.py.kept-1").read_text() == "elsewhere"
    assert not app.is_symlink()
    app.write_bytes(b"#" * 1_000_001)
    assert workspace.reset(topic).aside == ("app.py.kept-2",)
    assert (app.parent / "app.py.kept-2").stat().st_size == 1_000_001


def test_folder_in_the_place_of_a_file_is_set_aside(
    workspace: Workspace, topic: Topic, app: Path
) -> None:
    app.unlink()
    (app / "__pycache__").mkdir(parents=True)
    assert workspace.reset(topic).aside == ("app.py.kept-1",)
    assert app.is_file()


def test_file_saved_during_a_reset_is_kept(
    workspace: Workspace, topic: Topic, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.write_text("first")
    save = workspace.progress.save_snapshot

    def save_late(files: dict[str, bytes]) -> str:
        app.write_text("saved meanwhile")
        return save(files)

    monkeypatch.setattr(workspace.progress, "save_snapshot", save_late)
    assert workspace.reset(topic).aside == ("app.py.kept-1",)
    assert (app.parent / "app.py.kept-1").read_text() == "saved meanwhile"


def test_mode_of_a_file_survives_a_reset(workspace: Workspace, topic: Topic, app: Path) -> None:
    app.write_text("mine")
    app.chmod(0o755)
    workspace.reset(topic)
    assert app.stat().st_mode & 0o777 == 0o755


def test_diff_shows_own_lines_with_a_plus(workspace: Workspace, topic: Topic, app: Path) -> None:
    assert workspace.diff(topic) == ""
    app.write_text(app.read_text().replace('{"id": book_id}', '{"id": 7}'))
    (app.parent / "empty.txt").write_text("")
    (app.parent / "cover.png").write_bytes(b"\xff\xfe")
    diff = workspace.diff(topic).splitlines()
    assert "--- lab/app.py" in diff
    assert "+++ yours/app.py" in diff
    assert '-    return {"id": book_id}' in diff
    assert '+    return {"id": 7}' in diff
    assert "Files /dev/null and yours/cover.png differ" in diff
    assert diff[-2:] == ["--- /dev/null", "+++ yours/empty.txt"]


def test_diff_against_solution_and_snapshot(workspace: Workspace, topic: Topic, app: Path) -> None:
    assert '-@app.get("/books")' in workspace.diff(topic, "solution").splitlines()
    app.write_text("mine\r\n")
    snapshot = workspace.reset(topic).snapshot
    assert snapshot is not None
    assert "-mine" in workspace.diff(topic, snapshot[:6]).splitlines()
    with pytest.raises(UsageError, match="No snapshot"):
        workspace.diff(topic, "labs")


def test_files_that_differ_in_line_ends_only_show_nothing(
    workspace: Workspace, topic: Topic, app: Path
) -> None:
    app.write_bytes(app.read_bytes().replace(b"\n", b"\r\n"))
    assert workspace.diff(topic) == ""


def test_topic_of_a_saved_file_is_found(workspace: Workspace, catalog: Catalog, app: Path) -> None:
    assert workspace.topic_of(app) == catalog.topics[0]
    assert workspace.topic_of(app.parent) == catalog.topics[0]
    assert workspace.topic_of(workspace.root) is None
    assert workspace.topic_of(workspace.root / "s01_shelf" / "notes.txt") is None
    assert workspace.topic_of(workspace.root.parent) is None


def test_locate_prefers_the_variable(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKER_WORKSPACE", "elsewhere")
    assert Workspace.locate(tiny).root == tiny / "elsewhere"


def test_locate_finds_the_workspace_around_the_current_folder(
    workspace: Workspace, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECKER_WORKSPACE")
    assert Workspace.locate(app.parent).root == workspace.root
    assert Workspace.locate(workspace.root).root == workspace.root
    assert Workspace.locate(workspace.root.parent).root == workspace.root
    monkeypatch.chdir(app.parent)
    assert Workspace.locate().root == workspace.root


def test_locate_in_the_clone_gives_the_clones_workspace(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECKER_WORKSPACE")
    assert Workspace.locate(tiny / "labs").root == tiny / "workspace"
    outside = tmp_path / "outside"
    outside.mkdir()
    assert Workspace.locate(outside).root == outside / "workspace"


def test_lab_of_several_folders_survives_reset_and_undo(
    tiny: Path, workspace: Workspace, topic: Topic, app: Path
) -> None:
    package = tiny / "labs/s01_shelf/t01_books/app.py"
    text = package.read_text()
    package.unlink()
    (package / "routes").mkdir(parents=True)
    (package / "routes" / "books.py").write_text(text)
    workspace.reset(topic)
    assert (app / "routes" / "books.py").read_text() == text
    workspace.undo(topic)
    assert app.read_text() == text
