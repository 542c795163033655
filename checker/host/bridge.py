"""A unix socket that leads to a loopback port: the way to a server inside a sandbox."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path


def free_port() -> int:
    """Find a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until something accepts connections on the port."""
    pause = 0.002
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        time.sleep(pause)
        pause = min(pause * 1.3, 0.05)


def start_bridge(path: Path | None, port: int, ready: Callable[[], None]) -> None:
    """Begin a thread that waits for the port, listens on `path` (if given) and calls `ready`."""

    def run() -> None:
        wait_for_port(port)
        if path is None:
            ready()
        else:
            asyncio.run(_serve(path, port, ready))

    threading.Thread(target=run, name="checker-bridge", daemon=True).start()


async def _serve(path: Path, port: int, ready: Callable[[], None]) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    path.parent.mkdir(parents=True, exist_ok=True)
    server = await asyncio.start_unix_server(connect, path=str(path))
    ready()
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()
