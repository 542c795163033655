"""Where the learner's code stands while the app takes long to come up."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator
from types import AsyncGeneratorType, CoroutineType, FrameType

from .facts import Frame
from .sources import Sources
from .wire import Wire

PATIENCE = 0.4
MOST_LINKS = 50


class HangWatcher:
    """Tell the judge, while import or start-up lasts, which line of the learner's holds it.

    Args:
        sources: tells the learner's lines from others.
        wire: takes an event `busy` whenever the line is another one.
    """

    def __init__(self, sources: Sources, wire: Wire) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._sources = sources
        self._wire = wire
        self._thread = threading.get_ident()
        self._over = threading.Event()

    def start(self) -> None:
        """Begin to watch the thread that calls this."""
        threading.Thread(target=self._watch, name="checker-hangs", daemon=True).start()

    def stop(self) -> None:
        """End the watch: the app is up."""
        self._over.set()

    def _watch(self) -> None:
        told: list[Frame] = []
        while not self._over.wait(PATIENCE):
            frames = self._look()
            if frames and frames != told and not self._over.is_set():
                self._wire.send({"event": "busy", "frames": frames})
                told = frames

    def _look(self) -> list[Frame]:
        """List the learner's lines that run now; if the loop waits, those that it waits for."""
        running = self._sources.stack(sys._current_frames().get(self._thread))
        if running or self.loop is None:
            return running
        for task in asyncio.all_tasks(self.loop):
            frames = [found for one in awaited_frames(task.get_coro()) if (found := self._at(one))]
            if frames:
                return frames
        return []

    def _at(self, frame: FrameType) -> Frame | None:
        return self._sources.frame(frame.f_code, frame.f_lineno)


def awaited_frames(link: object) -> Iterator[FrameType]:
    """Walk from a suspended coroutine to what it awaits, outermost first."""
    for _ in range(MOST_LINKS):
        match link:
            case CoroutineType():
                frame, inner = link.cr_frame, link.cr_await
            case AsyncGeneratorType():
                frame, inner = link.ag_frame, link.ag_await
            case _:
                frame, inner = None, _generator_of(link)
        if frame is not None:
            yield frame
        if inner is None:
            return
        link = inner


def _generator_of(step: object) -> object | None:
    """Find the generator behind the object that `__anext__` and `asend` give."""
    if not type(step).__name__.startswith("async_generator"):
        return None
    return next(
        (one for one in gc.get_referents(step) if isinstance(one, AsyncGeneratorType)), None
    )
