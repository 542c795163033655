"""Progress survives two processes, damage and a full disk, and forgets nothing."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError, UsageError
from checker.kinds import Verdict
from checker.progress import (
    EventKind,
    Progress,
    earned_points,
    next_open,
    topic_state,
)
from checker.progress.database import MIGRATIONS, is_sound
from checker.report import TaskResult, TopicReport

FILES = {"app.py": b"app = 1\n", "shelf/books.py": b"\xff\x00" * 100}


def report_on(catalog: Catalog, topic: str = "5.1.1", *passed: str) -> TopicReport:
    """Make a verdict in which the named tasks pass and the others fail."""
    found = catalog.find(topic)
    tasks = tuple(
        TaskResult(
            id=task.id,
            title=task.title,
            verdict=Verdict.PASSED if task.id in passed else Verdict.FAILED,
            points=task.points,
        )
        for task in catalog.lesson(found).tasks
    )
    whole = all(task.verdict is Verdict.PASSED for task in tasks)
    verdict = Verdict.PASSED if whole else Verdict.FAILED
    return TopicReport(
        topic=topic, title=found.title, verdict=verdict, tasks=tasks, seed=7, seconds=0.1
    )


def record(progress: Progress, catalog: Catalog, topic: str, *passed: str) -> None:
    """Record such a verdict."""
    digest = catalog.digest(catalog.find(topic))
    progress.record(report_on(catalog, topic, *passed), FILES, digest)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    """Begin an empty progress."""
    with Progress(tmp_path / "state" / "progress.sqlite3") as progress:
        yield progress


def test_attempt_keeps_report_and_files(progress: Progress, catalog: Catalog) -> None:
    report = report_on(catalog, "5.1.1", "list_books")
    attempt = progress.record(report, FILES, "digest")
    assert (attempt.verdict, attempt.seed, attempt.earned, attempt.points) == (
        Verdict.FAILED,
        7,
        2,
        3,
    )
    assert attempt.at.utcoffset() is not None
    assert progress.snapshot(attempt.snapshot) == FILES
    assert progress.last_report("5.1.1") == report
    assert progress.last_attempt("5.1.1") == attempt
    assert progress.last_report("5.1.2") is None


def test_same_files_are_stored_once(progress: Progress, catalog: Catalog) -> None:
    first = progress.record(report_on(catalog), FILES, "")
    second = progress.record(report_on(catalog), dict(reversed(FILES.items())), "")
    other = progress.save_snapshot({**FILES, "app.py": b"app = 2\n"})
    assert first.snapshot == second.snapshot != other
    with closing(sqlite3.connect(progress.path)) as connection:
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (3,)
    assert progress.snapshot(progress.save_snapshot({})) == {}


def test_history_is_newest_first(progress: Progress, catalog: Catalog) -> None:
    progress.record(report_on(catalog), FILES, "")
    progress.note(EventKind.HINT, "5.1.1", task="list_books", detail="Look.")
    progress.record(report_on(catalog, "5.1.2"), FILES, "")
    assert [entry.topic for entry in progress.history()] == ["5.1.2", "5.1.1", "5.1.1"]
    assert [type(entry).__name__ for entry in progress.history("5.1.1")] == ["Event", "Attempt"]
    assert progress.events(kind=EventKind.HINT)[0].detail == "Look."
    assert len(progress.attempts(limit=1)) == 1


def test_history_keeps_its_order_when_the_clock_is_put_back(
    progress: Progress, catalog: Catalog
) -> None:
    progress.note(EventKind.HINT, "5.1.1", detail="first")
    with progress._database.transaction() as connection:
        connection.execute("UPDATE events SET at = '2999-01-01T00:00:00.000000+00:00'")
    progress.record(report_on(catalog), FILES, "")
    progress.note(EventKind.HINT, "5.1.1", detail="third")
    kinds = [getattr(entry, "detail", "attempt") for entry in progress.history("5.1.1")]
    assert kinds == ["third", "attempt", "first"]


def test_pass_is_kept_and_named_stale_when_the_suite_changes(
    progress: Progress, catalog: Catalog, tiny: Path
) -> None:
    topic = catalog.find("5.1.1")
    record(progress, catalog, "5.1.1", "list_books")
    record(progress, catalog, "5.1.1")
    state = topic_state(catalog, progress, topic)
    assert [(task.passed, task.stale) for task in state.tasks] == [(True, False), (False, False)]
    assert (state.state, state.earned, state.points, state.stale) == ("started", 2, 3, False)
    suite = tiny / "checker/suites/s01_shelf/test_t01_books.py"
    suite.write_text(suite.read_text() + "\n# changed\n")
    assert topic_state(Catalog(), progress, topic).stale


def test_next_open_follows_the_outline(progress: Progress, catalog: Catalog) -> None:
    books, loans, fines = catalog.topics
    assert next_open(catalog, None) == books
    assert next_open(catalog, progress, after=books) == loans
    assert next_open(catalog, progress, after=loans) == books
    record(progress, catalog, "5.1.1", "list_books", "find_book")
    assert topic_state(catalog, progress, books).state == "passed"
    assert topic_state(catalog, progress, loans).state == "open"
    assert topic_state(catalog, progress, fines).state == "coming"
    assert next_open(catalog, progress, catalog.paths[0]) == loans
    record(progress, catalog, "5.1.2", "lend_book", "return_book")
    assert next_open(catalog, progress) is None
    assert earned_points(catalog, progress) == (5, 5)
    assert earned_points(catalog, None) == (0, 5)


def test_settings_are_kept_and_forgotten(progress: Progress) -> None:
    assert progress.setting("path") is None
    progress.choose("path", "reader")
    progress.choose("path", "llm-engineer")
    assert progress.setting("path") == "llm-engineer"
    progress.choose("path", None)
    assert progress.setting("path") is None


def test_snapshot_is_found_by_its_first_characters(progress: Progress, catalog: Catalog) -> None:
    name = progress.record(report_on(catalog), FILES, "").snapshot
    assert progress.find_snapshot("5.1.1", name[:6].upper()) == name
    with pytest.raises(UsageError, match="No snapshot"):
        progress.find_snapshot("5.1.2", name)
    with pytest.raises(UsageError, match="There is no snapshot"):
        progress.snapshot("nothing")


def test_two_processes_write_at_once(progress: Progress) -> None:
    code = (
        "import sys; from pathlib import Path; from checker.progress import *\n"
        "progress = Progress(Path(sys.argv[1]))\n"
        "for n in range(60): progress.note(EventKind.HINT, sys.argv[2], detail=str(n))\n"
    )
    command = [sys.executable, "-c", code, str(progress.path)]
    processes = [subprocess.Popen([*command, topic]) for topic in ("5.1.1", "5.1.2")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert len(progress.events("5.1.1")) == len(progress.events("5.1.2")) == 60


def test_threads_share_one_progress(progress: Progress) -> None:
    def write() -> None:
        for _ in range(20):
            progress.note(EventKind.HINT, "5.1.1")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(progress.events("5.1.1")) == 80


def test_failed_write_leaves_nothing_behind(progress: Progress, catalog: Catalog) -> None:
    progress.note(EventKind.HINT, "5.1.1")
    files = {"a.py": b"a", "b.py": "text"}
    with pytest.raises(TypeError):
        progress.record(report_on(catalog), files, "")  # type: ignore[arg-type]
    assert progress.attempts() == []
    progress.note(EventKind.HINT, "5.1.1")
    assert len(progress.events()) == 2


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_damaged_file_is_moved_aside_and_never_deleted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "progress.sqlite3"
    path.write_bytes(content)
    with Progress(path) as progress:
        assert progress.attempts() == []
        assert progress.notice is not None
        assert "labs are not touched" in progress.notice
    kept = list(tmp_path.glob("progress.sqlite3.damaged-*"))
    assert [file.read_bytes() for file in kept] == [content]
    assert is_sound(path)


def test_damage_found_while_reading_is_an_error_that_keeps_the_file(progress: Progress) -> None:
    for number in range(300):
        progress.note(EventKind.HINT, "5.1.1", detail=str(number) * 50)
    progress.close()
    content = bytearray(progress.path.read_bytes())
    content[4096 * 2 :] = b"\xaa" * (len(content) - 4096 * 2)
    progress.path.write_bytes(content)
    assert not is_sound(progress.path)
    with pytest.raises(EnvironmentFaultError, match="damaged") as caught:
        progress.events()
    assert caught.value.remedy == "Run the command again."
    assert progress.events() == []
    (kept,) = progress.path.parent.glob("*.damaged-*")
    assert kept.read_bytes() == bytes(content)


def test_empty_file_becomes_a_progress(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite3"
    path.touch()
    assert Progress(path).attempts() == []


def test_file_of_a_newer_version_is_left_alone(progress: Progress) -> None:
    progress.note(EventKind.HINT, "5.1.1")
    progress.close()
    with closing(sqlite3.connect(progress.path)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    with pytest.raises(EnvironmentFaultError, match="newer version"):
        progress.events()
    assert list(progress.path.parent.glob("*damaged*")) == []


def test_another_writer_that_never_ends_is_named(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.progress.database.BUSY_SECONDS", 0.05)
    progress.attempts()
    with closing(sqlite3.connect(progress.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFaultError, match="another command") as caught:
            progress.note(EventKind.HINT, "5.1.1")
    assert caught.value.remedy
    progress.note(EventKind.HINT, "5.1.1")


def test_full_disk_is_named(progress: Progress) -> None:
    progress.note(EventKind.HINT, "5.1.1")
    with progress._database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(EnvironmentFaultError, match="the disk is full"):
        progress.save_snapshot({"large": os.urandom(100_000)})


def test_place_that_is_a_folder_or_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "progress.sqlite3").mkdir()
    with pytest.raises(EnvironmentFaultError, match="cannot be opened"):
        Progress(tmp_path / "progress.sqlite3").attempts()
    (tmp_path / "letter").touch()
    with pytest.raises(EnvironmentFaultError, match="cannot be used"):
        Progress(tmp_path / "letter" / "progress.sqlite3").attempts()


def test_progress_imports_no_pydantic() -> None:
    code = "import sys, checker.progress; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
