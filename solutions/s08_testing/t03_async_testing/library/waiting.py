"""Who waits for a book."""

import asyncio


class WaitingList:
    """Readers who wait for a book, first come, first served; kept in a database, so awaited."""

    def __init__(self) -> None:
        self._readers: list[str] = []

    async def join(self, reader: str) -> None:
        """Put a reader at the end; whoever waits already keeps their place."""
        await asyncio.sleep(0)
        if reader not in self._readers:
            self._readers.append(reader)

    async def waits(self, reader: str) -> bool:
        """Tell whether a reader waits."""
        await asyncio.sleep(0)
        return reader in self._readers

    async def call(self) -> str | None:
        """Take the first reader off the list; None if nobody waits."""
        await asyncio.sleep(0)
        return self._readers.pop(0) if self._readers else None
