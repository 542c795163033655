"""The index of titles, a service of its own."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar, Self


class Index:
    """A connection to the index; as with a database, it belongs to the loop that opened it.

    `opened` counts the connections of this process.
    """

    opened: ClassVar[int] = 0

    def __init__(self, titles: Iterable[str], loop: asyncio.AbstractEventLoop) -> None:
        self._titles = list(titles)
        self._loop = loop

    @classmethod
    async def open(cls, titles: Iterable[str]) -> Self:
        """Connect, and send all titles there, which takes long."""
        cls.opened += 1
        return cls(titles, asyncio.get_running_loop())

    async def find(self, word: str) -> list[str]:
        """List the titles in which a word stands, in whatever case."""
        found = self._loop.create_future()
        hits = [title for title in self._titles if word.lower() in title.lower().split()]
        self._loop.call_soon(found.set_result, hits)
        return list(await found)

    async def close(self) -> None:
        """Say goodbye, on the same loop."""
        await self.find("")
