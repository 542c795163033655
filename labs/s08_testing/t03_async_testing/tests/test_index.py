"""Tests of the index, by pytest-asyncio; they are right, and need `index`."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from library.index import Index

TITLES = ["Emma", "The Trial", "The Castle"]


# region share_loop: One index, opened once for all tests of the file, in an event loop for all.
pytestmark = pytest.mark.asyncio


@pytest.fixture
async def index() -> AsyncIterator[Index]:
    """Give an index that is open."""
    index = await Index.open(TITLES)
    yield index
    await index.close()


# endregion


async def test_a_title_is_found(index: Index) -> None:
    assert await index.find("Emma") == ["Emma"]


async def test_all_titles_with_the_word_are_found(index: Index) -> None:
    assert await index.find("The") == ["The Trial", "The Castle"]


async def test_case_does_not_matter(index: Index) -> None:
    assert await index.find("castle") == ["The Castle"]
