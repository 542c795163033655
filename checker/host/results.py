"""The last line of a launch and the answer of a run."""

import shutil
from contextlib import suppress

from .orders import Order

MOST_OUTPUT = 200_000


def ending(code: int) -> dict[str, int | None]:
    """Split a subprocess-style exit code into code and signal."""
    return {"code": None, "signal": -code} if code < 0 else {"code": code, "signal": None}


def exit_line(code: int) -> dict[str, object]:
    """Make the event that ends a launch."""
    return {"event": "exit", **ending(code)}


def done_line(order: Order, code: int, *, timed_out: bool) -> dict[str, object]:
    """Make the answer of a run from its log."""
    with suppress(OSError):
        data = order.log.read_bytes()
        return {**_done(code, timed_out), "output": _cap(data).decode(errors="replace")}
    return {**_done(code, timed_out), "output": ""}


def _done(code: int, timed_out: bool) -> dict[str, object]:
    return {"event": "done", **ending(code), "timeout": timed_out}


def _cap(data: bytes) -> bytes:
    if len(data) <= MOST_OUTPUT:
        return data
    half = MOST_OUTPUT // 2
    left_out = len(data) - MOST_OUTPUT
    return data[:half] + f"\n... {left_out} bytes left out ...\n".encode() + data[-half:]


def clean_up(order: Order) -> None:
    """Remove a launch's private folder and socket; its log stays."""
    with suppress(RecursionError):
        shutil.rmtree(order.home, ignore_errors=True)
    with suppress(OSError):
        order.socket.unlink(missing_ok=True)
