"""Tests on the database that production has."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from library.models import Reader
from library.shelf import add_book, lend, search

pytestmark = pytest.mark.anyio


# region ask_postgres: Tests on PostgreSQL of what SQLite hides.
# endregion
