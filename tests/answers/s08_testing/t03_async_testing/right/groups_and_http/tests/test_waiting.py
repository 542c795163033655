"""Tests of the list of those who wait for a book."""

import pytest

from library.waiting import WaitingList


# region run_async: pytest runs the three tests that stand here, to their end.
@pytest.fixture
async def waiting() -> WaitingList:
    waiting = WaitingList()
    await waiting.join("Ada")
    await waiting.join("Ben")
    return waiting


@pytest.mark.anyio
class TestWaiting:
    """The list of those who wait."""

    async def test_first_come_first_served(self, waiting: WaitingList) -> None:
        assert await waiting.call() == "Ada"
        assert await waiting.call() == "Ben"

    async def test_who_was_called_no_longer_waits(self, waiting: WaitingList) -> None:
        await waiting.call()
        assert await waiting.waits("Ben") is True

    async def test_nobody_waits_twice(self, waiting: WaitingList) -> None:
        await waiting.join("Ada")
        assert [await waiting.call() for _ in range(3)] == ["Ada", "Ben", None]


# endregion
