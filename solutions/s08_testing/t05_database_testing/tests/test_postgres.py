"""Tests on the database that production has."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from library.models import Reader
from library.shelf import add_book, lend, search

pytestmark = pytest.mark.anyio


# region ask_postgres: Tests on PostgreSQL of what SQLite hides.
async def test_a_search_takes_small_letters_for_capital_ones(postgres: AsyncSession) -> None:
    await postgres.run_sync(add_book, 9780141439587, "Emma")
    found = await postgres.run_sync(search, "emma")
    assert [(book.isbn, book.title) for book in found] == [(9780141439587, "Emma")]


async def test_a_loan_knows_its_moment(postgres: AsyncSession) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    reader = Reader(name="Ada")
    postgres.add(reader)
    await postgres.commit()
    book = await postgres.run_sync(add_book, 9780141439587, "Emma")
    loan = await postgres.run_sync(lend, book.id, reader.id, now)
    await postgres.refresh(loan)
    assert loan.lent == now


# endregion
