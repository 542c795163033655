"""Tests of the database itself; they are right, each by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from library.shelf import Refused, lend


def tables_of(engine: Engine) -> list[str]:
    return inspect(engine).get_table_names()


def test_every_thread_sees_the_tables(engine: Engine) -> None:
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(tables_of, engine).result() == ["books", "loans", "readers"]
    assert tables_of(engine) == ["books", "loans", "readers"]


def test_a_loan_needs_a_book_and_a_reader(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(Refused, match="no such book or reader"):
        lend(session, book_id=777, reader_id=777, now=datetime.now(UTC))
