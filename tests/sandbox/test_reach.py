"""Ways to what labs need, and read-only second places that no tidying harms."""

import os
import shutil
from pathlib import Path

import pytest

from checker.errors import EnvironmentFaultError
from checker.sandbox.kernel import own_mounts, show_again, unmount
from checker.sandbox.reach import NOBODY, make_reachable, user_for_labs
from checker.sandbox.trial import remedy
from tests.sandbox.conftest import in_fork

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_what_is_shown_again_survives_a_removal(open_folder: Path) -> None:
    """Were it not read-only, removing the second place would empty the first."""
    source, base = open_folder / "source", open_folder / "base"
    for folder in (source / "sub", base / "place"):
        folder.mkdir(parents=True)
    for file in (source / "a", source / "sub" / "b"):
        file.write_text("kept")

    def work() -> None:
        if not own_mounts():
            return
        show_again(source, base / "place")
        assert sorted(one.name for one in (base / "place").iterdir()) == ["a", "sub"]
        shutil.rmtree(base, ignore_errors=True)
        unmount(base / "place")

    in_fork(work)
    assert (source / "a").read_text() == (source / "sub" / "b").read_text() == "kept"


def test_an_ordinary_path_needs_no_second_place(open_folder: Path) -> None:
    (open_folder / "reach").mkdir()
    assert make_reachable(open_folder, [open_folder], None) == {}


def test_a_closed_path_is_refused_where_nothing_can_be_mounted(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EnvironmentFaultError, match="who cannot enter"):
        make_reachable(open_folder, [closed], None)
    with pytest.raises(EnvironmentFaultError) as caught:
        make_reachable(closed, [], None)
    assert "TMPDIR" in caught.value.remedy


@root_only
def test_labs_of_root_run_as_nobody_else(tmp_path: Path) -> None:
    user = user_for_labs()
    assert user is not None
    assert user > NOBODY
    few = tmp_path / "map"
    few.write_text("0 100000 65536\n")
    assert user_for_labs(few) == NOBODY


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("clone", "0", "unprivileged_userns_clone=1"),
        ("most", "0", "max_user_namespaces"),
        ("container", "", "--security-opt"),
    ],
)
def test_remedies_fit_the_cause(tmp_path: Path, name: str, value: str, words: str) -> None:
    (tmp_path / name).write_text(value)
    said = remedy(
        "bwrap: No permissions to create new namespace",
        apparmor=tmp_path / "apparmor",
        clone=tmp_path / "clone",
        most=tmp_path / "most",
        containers=(tmp_path / "container",),
    )
    assert words in said


def test_an_unknown_cause_asks_for_a_trial_by_hand(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    places = {"apparmor": nowhere, "clone": nowhere, "most": nowhere}
    assert "unshare --user" in remedy("No permissions", **places, containers=())
    assert "by hand" in remedy("execvp: no such file", **places, containers=())
