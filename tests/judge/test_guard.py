"""What learners' code can change is touched as if it were a trap."""

import os
import socket
from pathlib import Path

import pytest

from checker.files import clear_away
from checker.judge.guard import held, hold_socket, read_beneath, stage_beneath


def test_a_tree_is_staged_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "1" / "2"
    stage_beneath({"a.py": b"a", "in/b.py": b"b", "in/c.py": b"c"}, folder, None)
    assert read_beneath(folder, "in/c.py", 10) == b"c"
    with pytest.raises(OSError, match="exists"):
        stage_beneath({}, folder, None)


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "1").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="exists"):
        stage_beneath({"a.py": b"a"}, tmp_path / "1", None)
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    "name", ["link", "folder/secret", "pipe", "none", "../secret", "/etc/passwd", ""]
)
def test_nothing_but_ordinary_files_is_read(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("secret")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    assert read_beneath(root, name, 100) is None


def test_of_a_long_file_the_end_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"x" * 1000 + b"end")
    assert read_beneath(tmp_path, "log", 3, tail=True) == b"end"
    assert read_beneath(tmp_path, "log", 3) == b"xxx"


def test_a_held_socket_cannot_be_exchanged(tmp_path: Path) -> None:
    path = tmp_path / "1.sock"
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(path))
        listener.listen()
        address, file = held({"uds": str(path), "port": 80, "host": "192.0.2.1"}, tmp_path)
        path.unlink()
        path.symlink_to("/nowhere")
        client.connect(address["uds"])
    assert sorted(address) == ["port", "uds"]
    assert file is not None
    os.close(file)
    assert held({"host": "127.0.0.1", "port": 1}, None) == ({"host": "127.0.0.1", "port": 1}, None)


@pytest.mark.parametrize("name", ["file", "link", "none"])
def test_what_is_no_socket_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match=name):
        hold_socket(tmp_path, str(tmp_path / name))
    with pytest.raises(OSError, match="own folder"):
        hold_socket(tmp_path / "run", str(tmp_path / name))
    with pytest.raises(OSError, match="no socket"):
        held({"uds": 7}, tmp_path)


def test_folders_too_deep_for_python_are_removed(tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.mkdir()
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(deep)
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.fchdir(here)
        os.close(here)
    clear_away(deep)
    assert not deep.exists()
