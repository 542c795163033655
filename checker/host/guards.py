"""Notice what a test must not do: reach beyond this machine, or sleep long."""

import asyncio
import errno
import ipaddress
import os
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import PurePath
from typing import SupportsIndex

from .sources import Sources

LONG_SLEEP = 1.0
_HERE = frozenset({"", "localhost", "testserver", "0.0.0.0", "::"})  # names to compare

Tell = Callable[[dict[str, object]], None]


def guard_network(sources: Sources, tell: Tell) -> None:
    """Refuse and tell what leaves this machine, unless the environment names the place."""
    known = "\0".join(os.environ.values())

    def watch(event: str, args: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = args[0]
        elif event == "socket.connect" and isinstance(args[1], tuple):
            host = args[1][0]
        else:
            return
        name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
        if _is_here(name) or name in known:
            return
        frames = sources.stack(sys._getframe(1))
        tell({"event": "network", "host": name, "frames": frames})
        raise OSError(errno.ENETUNREACH, f"The checker lets no test reach {name}")

    sys.addaudithook(watch)


def _is_here(host: str) -> bool:
    if host in _HERE:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def guard_sleep(sources: Sources, tell: Tell) -> None:
    """Tell when a test file asks for a sleep of a second or more; it sleeps all the same."""
    sleep, async_sleep = time.sleep, asyncio.sleep

    def note(seconds: object) -> None:
        frame = sys._getframe(2)
        if isinstance(seconds, int | float) and seconds >= LONG_SLEEP and _is_test(frame.f_code):
            frames = sources.stack(frame)
            if frames:
                tell({"event": "slept", "seconds": float(seconds), "frames": frames})

    def noted_sleep(seconds: float | SupportsIndex, /) -> None:
        note(seconds)
        sleep(seconds)

    def noted_async_sleep(delay: float, result: object = None) -> Coroutine[object, object, object]:
        note(delay)
        return async_sleep(delay, result)

    import anyio

    any_sleep = anyio.sleep

    def noted_anyio_sleep(delay: float) -> Coroutine[object, object, None]:
        note(delay)
        return any_sleep(delay)

    time.sleep = noted_sleep
    asyncio.sleep = asyncio.tasks.sleep = noted_async_sleep  # type: ignore[assignment]
    anyio.sleep = noted_anyio_sleep


def _is_test(code: object) -> bool:
    name = PurePath(getattr(code, "co_filename", "")).name
    return name.startswith("test_") or name.endswith(("_test.py", "conftest.py"))
