"""Serve the library: `python -m library.serve`."""

import asyncio
import sys
from collections.abc import Callable

import uvicorn

from library.app import app


# region exclude: What only Windows runs is excluded, on its line, with the reason.
def choose_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """Choose the event loop; on Windows one that database drivers can use."""
    if sys.platform == "win32":
        return asyncio.SelectorEventLoop  # pragma: no cover (needs Windows)
    return asyncio.new_event_loop


# endregion

if __name__ == "__main__":
    with asyncio.Runner(loop_factory=choose_loop()) as runner:
        runner.run(uvicorn.Server(uvicorn.Config(app)).serve())
