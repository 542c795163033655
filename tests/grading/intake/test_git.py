"""Repositories: files of HEAD without anything of the repository being obeyed."""

import re
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.grading.model import FindingKind
from tests.grading.intake.downloads import (
    BOOKS,
    BOOKS_APP,
    LOANS,
    WORK,
    Reading,
    git,
    put,
    repository,
)

BOTH = ["5.1.1", "5.1.2"]
WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give a repository with both topics."""
    return repository(tmp_path / "work", WORK)


def bare(work: Path, target: Path) -> Path:
    """Clone without files checked out."""
    git(work, "clone", "-q", "--bare", "--no-local", str(work), str(target))
    return target


def test_work_tree_is_read_from_disk_with_the_time_of_its_commit(
    tmp_path: Path, catalog: Catalog, work: Path
) -> None:
    put(work, {f"{BOOKS}/app.py": b"# not committed\n"})
    shutil.copytree(work, tmp_path / "all" / "ada")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == BOTH
    assert reading.submission("ada").topics["5.1.1"] == {"app.py": b"# not committed\n"}
    assert reading.submission("ada").submitted_at == WHEN


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_bare_repository_is_read_at_head(tmp_path: Path, catalog: Catalog, kind: str) -> None:
    work = repository(tmp_path / "work", {**WORK, "big.bin": bytes(1_000_001)}, kind=kind)
    bare(work, tmp_path / "all" / "ada.git")
    shutil.copytree(work / ".git", tmp_path / "all" / "ben" / ".git")
    shutil.copytree(work / ".git", tmp_path / "all" / "cleo" / "repo" / ".git")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.ids == ["ada", "ben", "cleo"]
    for student in reading.ids:
        assert reading.topics(student) == BOTH
        assert reading.submission(student).topics["5.1.1"] == {"app.py": BOOKS_APP}
        assert reading.submission(student).submitted_at == WHEN
        assert reading.of(student) == []


def test_loose_objects_and_a_detached_head_are_read(
    tmp_path: Path, catalog: Catalog, work: Path
) -> None:
    git(work, "checkout", "-q", "--detach")
    shutil.copytree(work / ".git", tmp_path / "all" / "ada" / ".git")
    assert Reading(tmp_path / "all", catalog).topics("ada") == BOTH


def test_nothing_of_the_repository_is_run_or_changed(
    tmp_path: Path, catalog: Catalog, work: Path
) -> None:
    trap = put(tmp_path, {"trap.sh": b"#!/bin/sh\ntouch " + bytes(tmp_path / "sprung")}) / "trap.sh"
    trap.chmod(0o755)
    target = bare(work, tmp_path / "all" / "ada.git")
    put(target, {"info/attributes": b"* filter=trap diff=trap\n"})
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        shutil.copy(trap, put(target / "hooks", {}) / name)
    for key in ("core.fsmonitor", "core.pager", "filter.trap.smudge", "filter.trap.clean"):
        git(target, "config", key, str(trap))
    for key in (
        "diff.trap.textconv",
        "core.sshCommand",
        "gpg.program",
        "core.alternateRefsCommand",
    ):
        git(target, "config", key, str(trap))
    git(target, "config", "log.showSignature", "true")
    git(target, "config", "extensions.partialClone", "origin")
    git(target, "config", "remote.origin.url", f"ext::{trap}")
    git(target, "config", "protocol.ext.allow", "always")
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == BOTH
    assert not (tmp_path / "sprung").exists()
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before


def test_links_and_submodules_of_a_commit_are_refused(
    tmp_path: Path, catalog: Catalog, work: Path
) -> None:
    (work / BOOKS / "more.py").symlink_to("/etc/passwd")
    head = git(work, "rev-parse", "HEAD")
    git(work, "add", "-A")
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{head},{LOANS}/module")
    git(work, "commit", "-q", "-m", "More")
    bare(work, tmp_path / "all" / "ada.git")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == []
    assert reading.refusals("ada") == [
        (FindingKind.LINK, "5.1.1"),
        (FindingKind.UNREADABLE, "5.1.2"),
    ]


def test_objects_of_another_repository_are_not_borrowed(
    tmp_path: Path, catalog: Catalog, work: Path
) -> None:
    borrowing = bare(work, tmp_path / "all" / "ada.git")
    put(borrowing / "objects" / "info", {"alternates": bytes(work / ".git" / "objects") + b"\n"})
    linking = bare(work, tmp_path / "all" / "ben.git")
    (linking / "objects" / "aa").symlink_to(work / ".git" / "objects")
    reading = Reading(tmp_path / "all", catalog)
    for student in ("ada", "ben"):
        assert reading.refusals(student) == [(FindingKind.UNREADABLE, None)]
        assert "its objects lead out of it" in reading.words(student)


def test_broken_repositories_are_said(tmp_path: Path, catalog: Catalog, work: Path) -> None:
    put(tmp_path / "all" / "zoe", WORK)
    heads = {
        "outside": b"ref: refs/heads/../../secret\n",
        "strange": b"ref: /etc/passwd\n",
        "words": b"hello\n",
        "unborn": b"ref: refs/heads/none\n",
        "missing": b"1" * 40,
    }
    for name, head in heads.items():
        put(bare(work, tmp_path / "all" / name), {"HEAD": head})
    linked = bare(work, tmp_path / "all" / "linked")
    put(linked, {"HEAD": b"ref: refs/heads/other\n"})
    (linked / "refs" / "heads" / "other").symlink_to("/etc/passwd")
    damaged = tmp_path / "all" / "damaged"
    shutil.copytree(work / ".git", damaged / ".git")
    blob = git(work, "rev-parse", f"HEAD:{BOOKS}/app.py")
    (damaged / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    reading = Reading(tmp_path / "all", catalog)
    for name in (*heads, "linked", "damaged"):
        assert reading.topics(name) == []
        assert reading.refusals(name) == [(FindingKind.UNREADABLE, None)]
        assert "The git repository cannot be read" in reading.words(name)
    assert reading.topics("zoe") == BOTH


def test_machine_without_git_reads_work_trees(
    tmp_path: Path, catalog: Catalog, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(work, tmp_path / "all" / "ada.git")
    shutil.copytree(work, tmp_path / "all" / "ben")
    monkeypatch.setenv("PATH", str(tmp_path))
    reading = Reading(tmp_path / "all", catalog)
    assert "git is not installed" in reading.words("ada")
    assert reading.topics("ben") == BOTH
    assert reading.submission("ben").submitted_at is None


def test_git_that_hangs_is_ended(
    tmp_path: Path, catalog: Catalog, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(work, tmp_path / "all" / "ada.git")
    slow = put(tmp_path / "bin", {"git": b"#!/bin/sh\nexec sleep 30\n"}) / "git"
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr("checker.grading.intake.git._SECONDS", 0.2)
    reading = Reading(tmp_path / "all", catalog)
    assert reading.refusals("ada") == [(FindingKind.UNREADABLE, None)]


@pytest.mark.parametrize(
    "time", ["999999999999 +0000", "1 +9900", "-5 +0000", "99999999999999999 +0000"]
)
def test_commit_of_no_time_is_read(tmp_path: Path, catalog: Catalog, work: Path, time: str) -> None:
    text = git(work, "cat-file", "commit", "HEAD")
    changed = re.sub("^committer .*$", f"committer A <a@b> {time}", text, flags=re.MULTILINE)
    put(tmp_path, {"commit": changed.encode()})
    name = git(work, "hash-object", "-w", "-t", "commit", "--literally", str(tmp_path / "commit"))
    put(work, {".git/HEAD": name.encode()})
    shutil.copytree(work / ".git", tmp_path / "all" / "ada" / ".git")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.topics("ada") == BOTH
    assert reading.submission("ada").submitted_at is None


def test_large_file_of_a_commit_is_left_out(tmp_path: Path, catalog: Catalog) -> None:
    files = {**WORK, f"{BOOKS}/big.bin": bytes(1_000_001)}
    bare(repository(tmp_path / "work", files), tmp_path / "all" / "ada.git")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.submission("ada").topics["5.1.1"] == {"app.py": BOOKS_APP}
    assert reading.notes("ada") == [FindingKind.LEFT_OUT]


def test_repository_of_endless_objects_is_refused(
    tmp_path: Path, catalog: Catalog, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(work, tmp_path / "all" / "ada.git")
    monkeypatch.setattr("checker.grading.intake.git._OBJECTS", 2)
    assert "more than 2 objects" in Reading(tmp_path / "all", catalog).words("ada")

    def fail(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("checker.grading.intake.git.paths_below", fail)
    assert "Permission denied" in Reading(tmp_path / "all", catalog).words("ada")


def test_repository_alone_is_one_student(tmp_path: Path, catalog: Catalog, work: Path) -> None:
    target = bare(work, tmp_path / "ada.git")
    assert Reading(target, catalog).topics("ada.git") == BOTH


def test_commit_that_is_too_large_is_refused(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.grading.intake.git.UNPACKED_BYTES", 2_000_000)
    files = {f"data/{number}.bin": bytes([number]) * 900_000 for number in range(5)}
    bare(repository(tmp_path / "work", {**WORK, **files}), tmp_path / "all" / "ada.git")
    reading = Reading(tmp_path / "all", catalog)
    assert reading.refusals("ada") == [(FindingKind.UNREADABLE, None)]
    assert "larger than anybody would hand in" in reading.words("ada")
