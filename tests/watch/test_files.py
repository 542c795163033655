"""A save is recognised by the stamps of files, whatever the editor does."""

import os
from pathlib import Path

import pytest

from checker.watch.files import changes, is_source, scan, scan_again


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a small lab."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("one")
    (tmp_path / ".env").write_text("KEY=1")
    return tmp_path


@pytest.mark.parametrize("name", ["app.py", ".env", ".env.test", "pyproject.toml", "Dockerfile"])
def test_files_of_a_lab_are_sources(name: str) -> None:
    """What a learner edits is looked at."""
    assert is_source(name)


@pytest.mark.parametrize(
    "name",
    [".app.py.swp", "app.py~", "4913", "#app.py#", ".#app.py", "app.pyc", "books.db", "app.log"],
)
def test_what_editors_and_apps_leave_is_not_a_source(name: str) -> None:
    """Swap files, backups, databases and logs start no check."""
    assert not is_source(name)


def test_folders_of_tools_are_passed_over(folder: Path) -> None:
    """Compiled files and environments are not looked at."""
    for name in ("__pycache__", ".venv", ".git"):
        (folder / name).mkdir()
        (folder / name / "module.py").write_text("")
    found = {Path(path).relative_to(folder).as_posix() for path in scan(folder)}
    assert found == {"app/main.py", ".env"}


def test_workflows_of_a_code_host_are_looked_at(folder: Path) -> None:
    """A learner edits them, though their folder is a hidden one."""
    before = scan(folder)
    workflow = folder / ".github" / "workflows" / "tests.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: push")
    assert str(workflow) in scan(folder)
    assert scan_again(before, folder, [str(workflow)]) == scan(folder)


def test_a_rename_over_the_file_is_a_change(folder: Path) -> None:
    """Editors that write a temporary file and rename it are seen, also with an old time stamp."""
    target = folder / "app" / "main.py"
    before = scan(folder)
    new = folder / "app" / ".main.py.tmp"
    new.write_text("two")
    os.utime(new, ns=(target.stat().st_atime_ns, target.stat().st_mtime_ns))
    new.replace(target)
    assert changes(before, scan(folder)) == {str(target)}


def test_added_and_removed_files_are_changes(folder: Path) -> None:
    """A new file and one that is gone both count."""
    before = scan(folder)
    (folder / ".env").unlink()
    (folder / "app" / "books.py").write_text("")
    assert changes(before, scan(folder)) == {
        str(folder / ".env"),
        str(folder / "app" / "books.py"),
    }


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    """Nothing is raised when the workspace is taken away meanwhile."""
    assert scan(tmp_path / "missing") == {}


def test_look_at_named_paths_sees_what_a_full_look_sees(folder: Path) -> None:
    """A file written, one added in a new folder and one taken away are all found."""
    before = scan(folder)
    (folder / "app" / "main.py").write_text("two!")
    (folder / "app" / "routes").mkdir()
    (folder / "app" / "routes" / "books.py").write_text("new")
    (folder / ".env").unlink()
    named = [str(folder / "app" / "main.py"), str(folder / "app" / "routes"), str(folder / ".env")]
    assert scan_again(before, folder, named) == scan(folder)


def test_look_at_named_paths_leaves_other_folders_alone(folder: Path) -> None:
    """What the file system did not name is not looked at."""
    before = scan(folder)
    (folder / ".env").write_text("KEY=2 and more")
    after = scan_again(before, folder, [str(folder / "app" / "main.py")])
    assert after == before


@pytest.mark.parametrize("paths", [[], ["/elsewhere/app.py"]])
def test_look_without_a_place_is_a_full_one(folder: Path, paths: list[str]) -> None:
    """Nothing is missed when the file system does not say where."""
    assert scan_again({}, folder, paths) == scan(folder)


def test_named_paths_in_ignored_folders_stay_out(folder: Path) -> None:
    """A cache that Python writes beside the app is no save."""
    before = scan(folder)
    cache = folder / "app" / "__pycache__"
    cache.mkdir()
    (cache / "odd.py").write_text("")
    assert scan_again(before, folder, [str(cache / "odd.py")]) == before
