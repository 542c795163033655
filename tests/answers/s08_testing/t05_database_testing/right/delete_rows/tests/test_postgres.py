"""Tests on the database that production has."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from library.models import Reader
from library.shelf import add_book, lend, search

pytestmark = pytest.mark.anyio


# region ask_postgres: Tests on PostgreSQL of what SQLite hides.
def use(session: Session) -> tuple[list[int], datetime]:
    """Do all of it in one plain session."""
    reader = Reader(name="Ada")
    session.add(reader)
    session.commit()
    for isbn, title in [(9780691096124, "Walden"), (9780141439587, "Emma")]:
        book = add_book(session, isbn, title)
    loan = lend(session, book.id, reader.id, datetime(2026, 6, 1, 14, tzinfo=UTC))
    session.expire_all()
    return [book.isbn for book in search(session, "EMM")], loan.lent


async def test_all(postgres: AsyncSession) -> None:
    isbns, lent = await postgres.run_sync(use)
    assert isbns == [9780141439587]
    assert lent.isoformat() == "2026-06-01T14:00:00+00:00"


# endregion
