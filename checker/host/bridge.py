"""Unix sockets that lead to loopback ports, and ports that lead to sockets: ways into a sandbox."""

import asyncio
import contextlib
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

LASTING_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Find a loopback port that nobody listens on now.

    It is none of those that systems give to outgoing connections, so that it can be had again.
    """
    for port in (*random.sample(LASTING_PORTS, 20), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


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
    server = await lead_to_port(path, port)
    ready()
    await server.serve_forever()


async def lead_to_port(path: Path, port: int) -> asyncio.Server:
    """Listen on a unix socket and pass everything on to a loopback port."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connect = partial(_join, lambda: asyncio.open_connection("127.0.0.1", port))
    return await asyncio.start_unix_server(connect, path=str(path))


async def lead_to_path(port: int, path: Path) -> asyncio.Server:
    """Listen on a loopback port and pass everything on to a unix socket."""
    connect = partial(_join, lambda: asyncio.open_unix_connection(str(path)))
    return await asyncio.start_server(connect, "127.0.0.1", port)


async def _join(
    open_inner: Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Join an accepted connection with one that is opened for it; the end of one ends both."""
    try:
        inner_reader, inner_writer = await open_inner()
    except OSError:
        writer.close()
        return
    await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
    for end in (writer, inner_writer):
        end.close()


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


async def open_doors(doors: Mapping[int, Path], ready: Callable[[], None]) -> None:
    """Lead ports to sockets, from inside a sandbox to services outside of it, for ever."""
    for port, path in doors.items():
        await lead_to_path(port, path)
    ready()
    await asyncio.get_running_loop().create_future()
