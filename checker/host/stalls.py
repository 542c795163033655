"""Times in which the event loop does not turn, and the learner's line that holds it.

A heartbeat on the loop notes that it turns; a thread looks at the main thread's stack when the
beat is late.
"""

import asyncio
import sys
import threading
import time
from types import FrameType

from .calls import called_name
from .facts import Stall
from .instruments import Instruments
from .recorder import Recorder

BEAT = 0.01
LATE = 0.02


class StallWatcher:
    """Watch the loop that runs in the current thread."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._thread = threading.get_ident()
        self._last = time.monotonic()
        self._stall: Stall | None = None
        self._handle: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin the beat and the watching thread."""
        self._last = time.monotonic()
        self._handle = loop.call_later(BEAT, self._beat, loop)
        threading.Thread(target=self._watch, name="checker-stalls", daemon=True).start()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        stall, self._stall = self._stall, None
        if stall is not None:
            stall["milliseconds"] = round((now - self._last - BEAT) * 1000, 1)
            self._instruments.stalls.append(stall)
        self._last = now
        self._handle = loop.call_later(BEAT, self._beat, loop)

    def _watch(self) -> None:
        while True:
            time.sleep(BEAT)
            if self._stall is None and time.monotonic() - self._last > LATE + BEAT:
                last = self._last
                stall = self._look()
                if stall is not None and last == self._last:
                    self._stall = stall

    def current(self) -> list[Stall]:
        """List the stalls seen, one that still lasts included."""
        stalls = list(self._instruments.stalls)
        if (lasting := self._stall) is not None:
            milliseconds = round((time.monotonic() - self._last - BEAT) * 1000, 1)
            stalls.append({**lasting, "milliseconds": milliseconds})
        return stalls

    def _look(self) -> Stall | None:
        top = sys._current_frames().get(self._thread)
        sources = self._instruments.sources
        frames = sources.stack(top)
        if not frames:
            return None
        inside, request = "", None
        frame: FrameType | None = top
        while frame is not None:
            if not inside and sources.relative(frame.f_code.co_filename):
                inside = called_name(frame) or "-"
            if frame.f_code is Recorder.serve.__code__:
                request = frame.f_locals.get("number")
            frame = frame.f_back
        return {
            "milliseconds": 0.0,
            "frames": frames,
            "inside": inside.removeprefix("-"),
            "request": request,
        }
