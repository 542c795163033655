"""Notices from the file system that something changed, through watchfiles."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

PROBE = ".checker-probe"
IMPORT_SECONDS = 10.0  # on a busy machine with a cold disk
PROBE_SECONDS = 0.6
STEP_MS = 1
REST_SECONDS = 1.0
DEBOUNCE_MS = 20


class Notices:
    """Call `wake` from a thread with the paths that change below `folder`, in the open context.

    `live` tells whether the file system gives events: a probe file is written on entry and its
    event awaited. Without events (some network and container mounts, or CHECKER_POLL=1) the caller
    looks at the files by itself. After each call the thread rests until `go_on`, or a second:
    it looks a thousand times a second, which would slow a check down.
    """

    def __init__(self, folder: Path, wake: Callable[[frozenset[str]], None]) -> None:
        self.live = False
        self._folder = folder
        self._wake = wake
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._heard = threading.Event()
        self._rested = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="notices", daemon=True)

    def __enter__(self) -> "Notices":
        if not os.environ.get("CHECKER_POLL"):
            self._thread.start()
            self.live = self._probe()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._rested.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def go_on(self) -> None:
        """Let the thread listen again."""
        self._rested.set()

    def _listen(self) -> None:
        try:
            from watchfiles import watch
        finally:
            self._ready.set()
        try:
            for changed in watch(
                self._folder,
                watch_filter=None,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                stop_event=self._stop,
                raise_interrupt=False,
                force_polling=False,
            ):
                self._heard.set()
                self._rested.clear()
                self._wake(frozenset(path for _, path in changed))
                self._rested.wait(REST_SECONDS)
        except (OSError, RuntimeError):
            self.live = False

    def _probe(self) -> bool:
        probe = self._folder / f"{PROBE}-{os.getpid()}"
        self._ready.wait(IMPORT_SECONDS)
        deadline = time.monotonic() + PROBE_SECONDS
        try:
            while time.monotonic() < deadline:
                probe.write_bytes(b"")
                if self._heard.wait(0.02):
                    return True
                probe.unlink(missing_ok=True)
        except OSError:
            return False
        finally:
            probe.unlink(missing_ok=True)
        return False
