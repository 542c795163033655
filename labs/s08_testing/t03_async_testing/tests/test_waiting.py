"""Tests of the list of those who wait for a book."""

import pytest

from library.waiting import WaitingList


# region run_async: pytest runs the three tests that stand here, to their end.
async def test_first_come_first_served() -> None:
    waiting = WaitingList()
    await waiting.join("Ada")
    await waiting.join("Ben")
    assert await waiting.call() == "Ada"


async def test_who_was_called_no_longer_waits() -> None:
    waiting = WaitingList()
    await waiting.join("Ada")
    await waiting.join("Ben")
    await waiting.call()
    assert not await waiting.waits("Ada")
    assert waiting.waits("Ben")


async def test_nobody_waits_twice() -> None:
    waiting = WaitingList()
    await waiting.join("Ada")
    waiting.join("Ada")
    await waiting.call()
    assert await waiting.call() is None


# endregion
