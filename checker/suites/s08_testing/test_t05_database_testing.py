"""What 5.8.5 asks: databases that tests share and leave clean, and tests that look into them."""

import pytest

from checker.judge.api import Exam

TRANSACTIONS = """
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from library.models import Reader


def test_undone(engine: Engine) -> None:
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.add(Reader(name="Nobody"))
            session.commit()
        transaction.rollback()
    with Session(engine) as session:
        assert session.scalar(select(Reader).where(Reader.name == "Nobody")) is None


def test_memory(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT file FROM pragma_database_list")) == ""
"""
TABLES = """
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from library.models import Base

ENGINES = []
MADE = []


def note(_tables: object, connection: Connection, **_details: object) -> None:
    if connection.dialect.name == "sqlite":
        MADE.append(1)


event.listen(Base.metadata, "after_create", note)


@pytest.mark.parametrize("time", [1, 2])
def test_engine(time: int, engine: Engine) -> None:
    ENGINES.append(engine)
    assert engine is ENGINES[0]


@pytest.mark.parametrize("time", [1, 2])
def test_session(time: int, session: Session) -> None:
    assert len(MADE) <= 1
"""
OVERRIDES = """
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from library.app import app


@pytest.fixture(autouse=True)
def watch() -> Iterator[None]:
    yield
    assert not app.dependency_overrides


def test_requests(client: TestClient) -> None:
    assert client.get("/books").status_code == 200
"""
PROBES = {
    "tests/probes/test_transactions.py": TRANSACTIONS,
    "tests/probes/test_tables_made.py": TABLES,
    "tests/probes/test_overrides.py": OVERRIDES,
}


def probe(exam: Exam, name: str) -> set[str]:
    """Run the probes with the learner's fixtures, and tell what became of one."""
    return exam.run(PROBES, "tests/probes/*").of("tests/probes", name)


@pytest.mark.task("make_engine")
def test_engine(exam: Exam) -> None:
    """Each thread finds the tables in the one database, which enforces foreign keys."""
    exam.choose("tests/test_tables.py").notices()


@pytest.mark.task("make_engine")
def test_in_memory(exam: Exam) -> None:
    """The database is in memory, not in a file."""
    assert probe(exam, "test_memory") == {"passed"}, (
        "The database of `engine` is a file, or not SQLite at all."
    )


@pytest.mark.task("make_engine")
def test_transactions(exam: Exam) -> None:
    """A transaction that is rolled back takes the SAVEPOINTs in it along."""
    assert probe(exam, "test_undone") == {"passed"}, (
        "What was written in a SAVEPOINT is still there after the rollback of the transaction"
        " around it: sqlite3 has not begun that transaction. Does `begin` listen to the engine,"
        " and `set_up` before the first connection?"
    )


@pytest.mark.task("make_engine")
def test_tables_made_once(exam: Exam) -> None:
    """The tables are made once for all tests."""
    assert probe(exam, "test_engine") == {"passed"}, (
        "Each test that asks for `engine` gets another one, and its tables are made anew."
    )


@pytest.mark.task("roll_back")
def test_shelf(exam: Exam) -> None:
    """The tests of test_shelf.py pass in every order, and still notice what is broken."""
    exam.choose("tests/test_shelf.py").notices()


@pytest.mark.task("roll_back")
def test_nothing_made_anew(exam: Exam) -> None:
    """A test that asks for `session` makes no tables."""
    assert probe(exam, "test_session") == {"passed"}, (
        "Each test that asks for `session` makes the tables anew, which costs more than to undo."
    )


@pytest.mark.task("replace_session")
def test_routes(exam: Exam) -> None:
    """The tests of test_routes.py pass in every order, and notice a commit that is missing."""
    exam.choose("tests/test_routes.py").notices()


@pytest.mark.task("replace_session")
def test_overrides(exam: Exam) -> None:
    """After a test the app has its own dependencies again."""
    assert probe(exam, "test_requests") == {"passed"}, (
        "`app.dependency_overrides` still holds something when a test with `client` is over."
    )


@pytest.mark.task("look_inside")
def test_loans(exam: Exam) -> None:
    """Your tests of the routes of loans pass, and fail for each broken app."""
    exam.notices()


@pytest.mark.task("ask_postgres")
def test_postgres(exam: Exam) -> None:
    """Your tests on PostgreSQL pass, and fail for what SQLite does not mind."""
    exam.notices()
