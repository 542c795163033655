"""Slow neighbours, faked: a call spends its time asleep, as one over a network spends it waiting.

`time.sleep` stands for a blocking client, `asyncio.sleep` for an async one. Leave this file alone.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

LATENCY = 0.05  # seconds that the archive, or the assistant for one sentence, takes

Effort = Literal["low", "high"]


@dataclass
class Reading:
    """What a meter shows: calls so far, the most at the same time, calls broken off."""

    calls: int = 0
    peak: int = 0
    cancelled: int = 0


class Meter:
    """Count the calls of one neighbour, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self.reset()

    def reset(self) -> None:
        """Set the meter to zero."""
        self._reading = Reading()

    def read(self) -> Reading:
        """Give what the meter shows."""
        return self._reading

    @contextmanager
    def call(self) -> Iterator[None]:
        """Count the call that lasts as long as the `with` block."""
        with self._lock:
            self._inside += 1
            self._reading.calls += 1
            self._reading.peak = max(self._reading.peak, self._inside)
        try:
            yield
        except asyncio.CancelledError:
            self._reading.cancelled += 1
            raise
        finally:
            with self._lock:
                self._inside -= 1


class Archive:
    """The scanned books. Its old client blocks, and there is no other."""

    def __init__(self) -> None:
        self.meter = Meter()

    def read(self, isbn: str) -> str:
        """Give the scanned text of a book; blocks the thread for 50 ms."""
        with self.meter.call():
            time.sleep(LATENCY)
        return f"It begins on page {isbn[-2:]}."


class Assistant:
    """The reading assistant: a model behind two clients, one async, one blocking."""

    def __init__(self) -> None:
        self.meter = Meter()

    async def summarise(self, text: str) -> str:
        """Sum a text up; waits 50 ms."""
        with self.meter.call():
            await asyncio.sleep(LATENCY)
        return f"In short: {text}"

    def summarise_blocking(self, text: str) -> str:
        """Sum a text up; blocks the thread for 50 ms."""
        with self.meter.call():
            time.sleep(LATENCY)
        return f"In short: {text}"

    async def answer(self, question: str, effort: Effort) -> str:
        """Answer a question; low effort waits 10 ms, high effort 0.6 s."""
        with self.meter.call():
            await asyncio.sleep(0.01 if effort == "low" else 0.6)
        return f"A good question: {question}"


class Branches:
    """The branch libraries, each with a catalogue of its own; the first one is the slowest."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.names = ("north", "east", "south", "west")

    async def copies(self, branch: str, isbn: str) -> int:
        """Count the copies of a book in one branch; waits 5 to 20 ms."""
        with self.meter.call():
            await asyncio.sleep(0.005 * (len(self.names) - self.names.index(branch)))
        return sum(map(ord, branch + isbn)) % 7


class Drill:
    """A fire drill: who comes in waits until enough are in, at most until the drill is over.

    A drill is over a second after the first came in; who comes late finds out how many there were.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._most = 0
        self._deadline = float("-inf")

    def wait(self, readers: int) -> int:
        """Hold the thread until `readers` threads are held; give the most held at the same time."""
        with self._changed:
            now = time.monotonic()
            if self._inside == 0 and now > self._deadline + 1:
                self._most = 0
                self._deadline = now + 1
            self._inside += 1
            self._most = max(self._most, self._inside)
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._most >= readers, timeout=max(0, self._deadline - now)
            )
            self._inside -= 1
            return self._most
