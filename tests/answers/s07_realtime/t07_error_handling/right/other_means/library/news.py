"""The library's news: numbered, kept, and told to all who follow. Leave this file alone."""

import asyncio
from collections.abc import AsyncGenerator

from pydantic import BaseModel


class Event(BaseModel):
    """Something new; ids go up by one."""

    id: int
    text: str


class Feed:
    """The news since the start of the app."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._grown = asyncio.Condition()
        self._readers = 0

    def readers(self) -> int:
        """Count those who follow now."""
        return self._readers

    async def publish(self, text: str) -> Event:
        """Add an event, and wake all who follow."""
        event = Event(id=len(self._events) + 1, text=text)
        self._events.append(event)
        async with self._grown:
            self._grown.notify_all()
        return event

    async def follow(self, after: int) -> AsyncGenerator[Event, None]:
        """Give each event behind the id `after`: first what was missed, then what comes."""
        self._readers += 1
        try:
            while True:
                for event in self._events[after:]:
                    yield event
                    after = event.id
                async with self._grown:
                    while len(self._events) <= after:
                        await self._grown.wait()
        finally:
            self._readers -= 1


feed = Feed()
