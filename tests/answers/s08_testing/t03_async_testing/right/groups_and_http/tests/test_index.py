"""Tests of the index, by pytest-asyncio; they are right, and need `index`."""

import pytest
import pytest_asyncio

from library.index import Index

TITLES = ["Emma", "The Trial", "The Castle"]


# region share_loop: One index, opened once for all tests of the file, in an event loop for all.
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def index() -> Index:
    """Give an index that is open."""
    return await Index.open(TITLES)


# endregion


async def test_a_title_is_found(index: Index) -> None:
    assert await index.find("Emma") == ["Emma"]


async def test_all_titles_with_the_word_are_found(index: Index) -> None:
    assert await index.find("The") == ["The Trial", "The Castle"]


async def test_case_does_not_matter(index: Index) -> None:
    assert await index.find("castle") == ["The Castle"]
