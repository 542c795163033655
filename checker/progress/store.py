"""Attempts, snapshots, passes and events: everything that is written about a learner's work."""

import sqlite3
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from checker.closing import Closing
from checker.errors import UsageError
from checker.files import digests, tree_digest
from checker.kinds import Verdict
from checker.progress.database import Database
from checker.progress.records import Attempt, Event, EventKind, Pass

if TYPE_CHECKING:
    from checker.report import TopicReport

_ATTEMPT = "id, topic, at, verdict, seed, seconds, snapshot, earned, points"
_EVENT = "id, topic, kind, at, task, snapshot, detail"
_SHORTEST_NAME = 4


class Progress(Closing):
    """The progress of one workspace; several processes may use the same file at once.

    Args:
        path: the SQLite file, made when it is first needed.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    @property
    def path(self) -> Path:
        """Give the file's path."""
        return self._database.path

    @property
    def notice(self) -> str | None:
        """Give the sentence that the user must read when a damaged file was moved aside."""
        return self._database.notice

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._database.close()

    def record(self, report: "TopicReport", files: Mapping[str, bytes], digest: str) -> Attempt:
        """Store a verdict, the files that it judged and the tasks that it passed.

        Args:
            report: the verdict.
            files: the lab as it was judged.
            digest: `Catalog.digest` of the topic, to tell later whether the passes are stale.
        """
        packed = zlib.compress(report.model_dump_json().encode())
        with self._database.transaction() as connection:
            now, snapshot = _now(connection), _store(connection, files)
            columns = (report.topic, now, report.verdict.value, report.seed, report.seconds)
            row = connection.execute(
                "INSERT INTO attempts (topic, at, verdict, seed, seconds, snapshot, earned, points,"
                f" report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_ATTEMPT}",
                (*columns, snapshot, report.earned, report.points, packed),
            ).fetchone()
            for task in report.tasks:
                if task.verdict is Verdict.PASSED:
                    connection.execute(
                        "INSERT OR REPLACE INTO passes VALUES (?, ?, ?, ?, ?)",
                        (report.topic, task.id, now, digest, task.points),
                    )
        return _attempt(row)

    def note(
        self,
        kind: EventKind,
        topic: str,
        *,
        task: str | None = None,
        snapshot: str | None = None,
        detail: str = "",
    ) -> None:
        """Store an event of a topic."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO events (topic, kind, at, task, snapshot, detail)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (topic, kind.value, _now(connection), task, snapshot, detail),
            )

    def save_snapshot(self, files: Mapping[str, bytes]) -> str:
        """Keep files for good and give the name of the snapshot; the same files have one name."""
        with self._database.transaction() as connection:
            return _store(connection, files)

    def snapshot(self, name: str) -> dict[str, bytes]:
        """Give the files of a snapshot by its full name.

        Raises:
            UsageError: there is no such snapshot.
        """
        with self._database.reading() as connection:
            known = connection.execute("SELECT 1 FROM snapshots WHERE id = ?", (name,)).fetchone()
            rows = connection.execute(
                "SELECT path, data FROM snapshot_files JOIN blobs ON digest = blob"
                " WHERE snapshot = ? ORDER BY path",
                (name,),
            ).fetchall()
        if known is None:
            raise UsageError(f"There is no snapshot {name!r}.", "`checker history` lists them.")
        return {path: zlib.decompress(data) for path, data in rows}

    def find_snapshot(self, topic: str, name: str) -> str:
        """Give the full name of one of a topic's snapshots from its first characters.

        Raises:
            UsageError: no snapshot of the topic, or more than one, begins so.
        """
        found = {known for known in self._snapshots(topic) if known.startswith(name.lower())}
        if len(name) < _SHORTEST_NAME or len(found) != 1:
            problem = "More than one snapshot" if len(found) > 1 else "No snapshot"
            raise UsageError(
                f"{problem} of {topic} begins with {name!r}.",
                f"`checker history {topic}` lists them; give at least {_SHORTEST_NAME} characters.",
            )
        return found.pop()

    def attempts(self, topic: str | None = None, limit: int = -1) -> list[Attempt]:
        """List attempts, newest first, of one topic or of all."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_ATTEMPT} FROM attempts WHERE topic = ?1 OR ?1 IS NULL"
                " ORDER BY id DESC LIMIT ?2",
                (topic, limit),
            ).fetchall()
        return [_attempt(row) for row in rows]

    def events(self, topic: str | None = None, kind: EventKind | None = None) -> list[Event]:
        """List events, newest first, of one topic or of all, of one kind or of all."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_EVENT} FROM events WHERE (topic = ?1 OR ?1 IS NULL)"
                " AND (kind = ?2 OR ?2 IS NULL) ORDER BY id DESC",
                (topic, kind.value if kind else None),
            ).fetchall()
        return [_event(row) for row in rows]

    def history(self, topic: str | None = None) -> list[Attempt | Event]:
        """List what happened, newest first."""
        entries: list[Attempt | Event] = [*self.attempts(topic), *self.events(topic)]
        return sorted(entries, key=lambda entry: entry.at, reverse=True)

    def last_attempt(self, topic: str) -> Attempt | None:
        """Give the newest attempt at a topic."""
        return next(iter(self.attempts(topic, limit=1)), None)

    def report(self, attempt: Attempt) -> "TopicReport":
        """Give the whole verdict of an attempt."""
        from checker.report import TopicReport

        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT report FROM attempts WHERE id = ?", (attempt.id,)
            ).fetchone()
        return TopicReport.model_validate_json(zlib.decompress(row[0]))

    def last_report(self, topic: str) -> "TopicReport | None":
        """Give the newest verdict on a topic."""
        attempt = self.last_attempt(topic)
        return self.report(attempt) if attempt else None

    def passes(self, topic: str | None = None) -> list[Pass]:
        """List the tasks once passed, of one topic or of all."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT topic, task, at, digest, points FROM passes"
                " WHERE topic = ?1 OR ?1 IS NULL ORDER BY topic, at, task",
                (topic,),
            ).fetchall()
        return [Pass(row[0], row[1], _time(row[2]), row[3], row[4]) for row in rows]

    def setting(self, key: str) -> str | None:
        """Give a choice of the learner's, such as the learning path."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def choose(self, key: str, value: str | None) -> None:
        """Store a choice of the learner's; None forgets it."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM settings WHERE key = ?", (key,))
            if value is not None:
                connection.execute("INSERT INTO settings VALUES (?, ?)", (key, value))

    def _snapshots(self, topic: str) -> list[str]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT snapshot FROM attempts WHERE topic = ?1 UNION"
                " SELECT snapshot FROM events WHERE topic = ?1 AND snapshot IS NOT NULL",
                (topic,),
            ).fetchall()
        return [str(row[0]) for row in rows]


def _store(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> str:
    name = tree_digest(files)
    if connection.execute("SELECT 1 FROM snapshots WHERE id = ?", (name,)).fetchone():
        return name
    for path, blob in digests(files).items():
        if not connection.execute("SELECT 1 FROM blobs WHERE digest = ?", (blob,)).fetchone():
            connection.execute(
                "INSERT INTO blobs VALUES (?, ?)", (blob, zlib.compress(files[path]))
            )
        connection.execute("INSERT INTO snapshot_files VALUES (?, ?, ?)", (name, path, blob))
    connection.execute("INSERT INTO snapshots VALUES (?)", (name,))
    return name


def _now(connection: sqlite3.Connection) -> str:
    """Give the time, later than all recorded ones even when the clock was put back."""
    rows = connection.execute(
        "SELECT at FROM (SELECT at FROM attempts ORDER BY id DESC LIMIT 1) UNION ALL"
        " SELECT at FROM (SELECT at FROM events ORDER BY id DESC LIMIT 1)"
    ).fetchall()
    latest = [_time(row[0]) + timedelta(microseconds=1) for row in rows]
    return max([datetime.now(UTC), *latest]).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _attempt(row: tuple[int, str, str, str, int, float, str, int, int]) -> Attempt:
    number, topic, at, verdict, seed, seconds, snapshot, earned, points = row
    return Attempt(
        number, topic, _time(at), Verdict(verdict), seed, seconds, snapshot, earned, points
    )


def _event(row: tuple[int, str, str, str, str | None, str | None, str]) -> Event:
    number, topic, kind, at, task, snapshot, detail = row
    return Event(number, topic, EventKind(kind), _time(at), task, snapshot, detail)
