"""Single key presses from a terminal, which is always given back as it was found."""

import contextlib
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

QUIT = "q"
REDRAW = "\f"
ESCAPE = b"\x1b"
WINDOWS = os.name == "nt"


class Keys:
    """Call `press` from a thread with each key while the context is open.

    Only for a terminal, which is restored on the way out. Ctrl-C stays a signal: the terminal is
    in cbreak mode, not raw. Keys that send a sequence (arrows, function keys) are passed over.
    A terminal that is gone counts as the key that quits.
    """

    def __init__(self, press: Callable[[str], None]) -> None:
        self._press = press
        self._stop = threading.Event()
        self._restore: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._read, name="keys", daemon=True)

    def __enter__(self) -> "Keys":
        self._restore = _cbreak()
        self._redraw_on("SIGCONT", "SIGWINCH")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._restore()

    def _redraw_on(self, *signals: str) -> None:
        """Ask for a new drawing when the learner comes back from Ctrl-Z or resizes the window."""

        def redraw(number: int, frame: FrameType | None) -> None:
            del number, frame
            if not self._stop.is_set():
                _cbreak()
                self._press(REDRAW)

        for name in signals:
            if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
                signal.signal(getattr(signal, name), redraw)

    def _read(self) -> None:
        read = _read_windows if WINDOWS else _read_posix
        while not self._stop.is_set():
            typed = read()
            if typed is None:
                self._press(QUIT)
                return
            if not typed.startswith(ESCAPE):
                for key in typed.decode(errors="ignore"):
                    self._press(key.lower())


def _cbreak() -> Callable[[], None]:
    """Take single keys without echo and give the function that undoes it."""
    if WINDOWS:
        return lambda: None
    import termios
    import tty

    terminal = sys.stdin.fileno()
    gone = contextlib.suppress(termios.error)

    def restore() -> None:
        with gone:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    before: list[Any] = []
    with gone:
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal)
    return restore if before else lambda: None


def _read_posix() -> bytes | None:
    """Wait a moment for keys: what was typed, nothing yet, or None when the terminal is gone."""
    import select

    terminal = sys.stdin.fileno()
    ready, _, _ = select.select([terminal], [], [], 0.2)
    if not ready:
        return b""
    try:
        return os.read(terminal, 64) or None
    except OSError:
        return None


def _read_windows() -> bytes | None:
    console: Any = importlib.import_module("msvcrt")
    if not console.kbhit():
        time.sleep(0.05)
        return b""
    typed = bytes(console.getch())
    if typed in (b"\x00", b"\xe0"):
        console.getch()
        return b""
    return typed
