"""The SQLite file below the progress: opening, migrating, transactions, care for damage."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from checker.errors import CheckerError, EnvironmentFaultError

BUSY_SECONDS = 10.0
MIGRATIONS = (
    """
    CREATE TABLE blobs (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE snapshot_files (
        snapshot TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL REFERENCES blobs (digest),
        PRIMARY KEY (snapshot, path)) WITHOUT ROWID;
    CREATE TABLE snapshots (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, topic TEXT NOT NULL, at TEXT NOT NULL, verdict TEXT NOT NULL,
        seed INTEGER NOT NULL, seconds REAL NOT NULL, snapshot TEXT NOT NULL,
        earned INTEGER NOT NULL, points INTEGER NOT NULL, report BLOB NOT NULL);
    CREATE INDEX attempts_by_topic ON attempts (topic, id);
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, topic TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
        task TEXT, snapshot TEXT, detail TEXT NOT NULL DEFAULT '');
    CREATE INDEX events_by_topic ON events (topic, id);
    CREATE TABLE passes (
        topic TEXT NOT NULL, task TEXT NOT NULL, at TEXT NOT NULL, digest TEXT NOT NULL,
        points INTEGER NOT NULL, PRIMARY KEY (topic, task)) WITHOUT ROWID;
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class Database:
    """One connection to the file, opened when first needed and safe to share between threads.

    `notice` is a sentence for the user when a damaged file was moved aside on opening, else None.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice: str | None = None
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; other processes wait for their turn.

        Raises:
            EnvironmentFaultError: the file cannot be used; the message says why.
        """
        with self._lock, self._explained():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read; what another process writes meanwhile is seen by the next statement.

        Raises:
            EnvironmentFaultError: the file cannot be used; the message says why.
        """
        with self._lock, self._explained():
            yield self._open()

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _connect(self.path)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self.notice = _move_aside(self.path)
                self._connection = _connect(self.path)
        return self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            raise _explain(self.path, error) from error
        except OSError as error:
            raise EnvironmentFaultError(
                f"The progress file {self.path} cannot be used: {error.strerror}.",
                f"Check the permissions of {self.path.parent}.",
            ) from error


def is_sound(path: Path) -> bool:
    """Tell whether SQLite finds no damage in the file."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            rows = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        return not _is_damage(error)
    return rows == [("ok",)]


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _prefer_wal(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prefer_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at once, where the file system can share memory."""
    try:
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
    except sqlite3.OperationalError:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for number in range(_version(connection), len(MIGRATIONS)):
                for statement in MIGRATIONS[number].split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={number + 1}")
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    if _version(connection) > len(MIGRATIONS):
        raise EnvironmentFaultError(
            f"The progress file {path} was written by a newer version of the checker.",
            "Update the workbook; the file is left as it is.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_damage(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _DAMAGED


def _move_aside(path: Path) -> str:
    """Rename a damaged file with its companions, unless another process has already mended it."""
    if is_sound(path):
        return f"The progress file {path} was renewed by another command."
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.replace(aside.with_name(aside.name + suffix))
    return (
        f"The progress file was damaged. It is kept as {aside.name}, and a new one begins; "
        "your labs are not touched."
    )


def _explain(path: Path, error: sqlite3.Error) -> CheckerError:
    code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    if code in _DAMAGED:
        return EnvironmentFaultError(_move_aside(path), "Run the command again.")
    problems = {
        sqlite3.SQLITE_FULL: ("the disk is full", "Free some space and run the command again."),
        sqlite3.SQLITE_BUSY: (
            "another command has been writing to it for too long",
            "End the other checker, then run the command again.",
        ),
        sqlite3.SQLITE_READONLY: ("it is read-only", f"Make {path.parent} writable."),
        sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", f"Make {path.parent} writable."),
    }
    problem, remedy = problems.get(code, (str(error), "`checker doctor` looks into it."))
    return EnvironmentFaultError(f"The progress file {path} cannot be used: {problem}.", remedy)
