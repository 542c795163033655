"""A language model that speaks OpenAI's protocol: ours, or the user's own provider."""

import argparse
import asyncio
import contextlib
import os
import secrets
import socket
import ssl
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from checker.errors import EnvironmentFaultError
from checker.services.address import Address
from checker.services.keeper import Service
from checker.services.programs import HOST

if TYPE_CHECKING:
    import uvicorn

VARIABLE = "OPENAI_BASE_URL"
KEY_VARIABLE = "OPENAI_API_KEY"
CONTROL_HEADER = "x-control"

JSON = Any


class ModelServer(Service):
    """The model on a port of 127.0.0.1, served by uvicorn in this very process.

    Args:
        port: 0 takes any that is free.
        key: what clients must send; a new secret when absent.
        seconds: between two tokens.
    """

    def __init__(self, port: int = 0, key: str | None = None, seconds: float = 0.0) -> None:
        self._wanted = port
        self._key = key or f"sk-library-{secrets.token_hex(16)}"
        self._control = secrets.token_hex(16)
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self, folder: Path) -> None:
        """Import the app and serve it."""
        del folder
        import uvicorn

        from checker.services.llm.app import create_app

        self._socket = self._listen()
        self._app = create_app(self._key, self._control, self._seconds)
        config = uvicorn.Config(
            self._app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._serving = asyncio.create_task(self._server._serve([self._socket]))
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
            await asyncio.sleep(0.005)

    def _listen(self) -> socket.socket:
        # With its protocol named, asyncio sends each token at once (TCP_NODELAY).
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, self._wanted))
            listener.listen(512)
        except (OSError, OverflowError) as error:
            raise EnvironmentFaultError(
                f"Port {self._wanted} of {HOST} cannot be had: {error}",
                "Stop the program that has it, or choose another port: --port",
            ) from error
        return listener

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._socket is not None
        return int(self._socket.getsockname()[1])

    async def reset(self) -> Address:
        """Forget what was asked and scripted."""
        self._app.state.model.reset()
        root = f"http://{HOST}:{self.port}"
        return Address(
            env={VARIABLE: f"{root}/v1", KEY_VARIABLE: self._key, **_certificates()},
            control={"url": root, "key": self._control},
            ports=(self.port,),
        )

    async def ping(self) -> None:
        """See that the server has not stopped."""
        if self._serving is None or self._serving.done():
            raise EnvironmentFaultError("It has stopped.", "Run the command again.")

    async def ended(self) -> EnvironmentFaultError:
        """Wait for the server's end."""
        assert self._serving is not None
        await asyncio.wait({self._serving})
        return EnvironmentFaultError("It ended during the work.", "Run the command again.")

    async def stop(self) -> None:
        """End the server and whatever it still answers."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = self._server.force_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving


class TheirModel(Service):
    """The provider that the user's OPENAI_BASE_URL names; it has no control."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def start(self, folder: Path) -> None:
        """Believe the user: to ask would cost them money."""
        del folder

    async def reset(self) -> Address:
        """Pass on what the user has set."""
        key = os.environ.get(KEY_VARIABLE)
        if not key:
            raise EnvironmentFaultError(
                f"{VARIABLE} is set, and {KEY_VARIABLE} is not.",
                f"Set {KEY_VARIABLE} too, or unset {VARIABLE}: then the checker's own model"
                " answers.",
            )
        return Address(env={VARIABLE: self._url, KEY_VARIABLE: key})

    async def ping(self) -> None:
        """Say nothing against it."""


def service(*options: str) -> Service:
    """Give the user's provider where OPENAI_BASE_URL names one, else the model of ours.

    Args:
        options: `--port`, `--key` and `--seconds`; with any of them it is ours.
    """
    url = os.environ.get(VARIABLE)
    if url and not options:
        return TheirModel(url)
    parser = argparse.ArgumentParser(prog="python -m checker.services model")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    parser.add_argument("--seconds", type=float, default=0.0)
    return ModelServer(**vars(parser.parse_args(options)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many requests the model was asked and how they ended; `generated` counts tokens."""

    asked: int
    generated: int
    completed: int
    cancelled: int
    refused: int
    broken: int
    running: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the model saw it, and what became of it.

    `outcome` is running, completed, cancelled (the client left before the end), refused or broken.
    """

    number: int
    path: str
    headers: dict[str, str]
    body: JSON
    stream: bool
    generated: int
    text: str
    outcome: str

    @property
    def messages(self) -> list[dict[str, JSON]]:
        """The messages of a chat, in order."""
        messages: list[dict[str, JSON]] = self.body["messages"]
        return messages


class Model:
    """The language model of the lab, in the hands of a suite: scripted, released, counted.

    What is scripted happens to the next `times` requests (None: to all) whose prompt holds
    `match`. Different kinds add up: a model can say something slowly and then stall.
    """

    def __init__(self, control: Mapping[str, str], env: Mapping[str, str]) -> None:
        self.url = env[VARIABLE]
        if not control:
            raise EnvironmentFaultError(
                f"The model of {VARIABLE} ({self.url}) can be neither scripted nor counted.",
                f"Unset {VARIABLE} for checks; `checker run` works with it.",
            )
        self._http = httpx.Client(
            base_url=control["url"],
            headers={CONTROL_HEADER: control["key"]},
            trust_env=False,
            verify=_no_tls(),
            timeout=5,
        )

    def say(self, *pieces: str, times: int | None = 1, match: str = "") -> None:
        """Say exactly these tokens."""
        self._script("say", times, match, pieces=list(pieces))

    def call(
        self, name: str, arguments: Mapping[str, JSON], *, times: int | None = 1, match: str = ""
    ) -> None:
        """Ask for a tool."""
        self._script("call", times, match, name=name, arguments=dict(arguments))

    def slow(self, seconds: float = 0.05, *, times: int | None = 1, match: str = "") -> None:
        """Wait before each token."""
        self._script("slow", times, match, seconds=seconds)

    def stall(self, after: int = 0, *, times: int | None = 1, match: str = "") -> None:
        """Generate `after` tokens, then nothing until `release` or until the client leaves."""
        self._script("stall", times, match, after=after)

    def release(self) -> None:
        """Let go on what is stalled now."""
        self._http.post("/control/release").raise_for_status()

    def refuse(
        self,
        status: int = 429,
        *,
        retry_after: float | None = None,
        times: int | None = 1,
        match: str = "",
    ) -> None:
        """Answer with an error status, and with Retry-After in seconds where it is given."""
        self._script("refuse", times, match, status=status, retry_after=retry_after)

    def cut(self, after: int = 3, *, times: int | None = 1, match: str = "") -> None:
        """Close the connection after `after` tokens (a plain answer: in its middle)."""
        self._script("cut", times, match, after=after)

    def garble(self, after: int = 3, *, times: int | None = 1, match: str = "") -> None:
        """Send half an event instead of token `after`, and go on (a plain answer: half of it)."""
        self._script("garble", times, match, after=after)

    def _script(self, kind: str, times: int | None, match: str, **script: JSON) -> None:
        body = {"kind": kind, "times": times, "match": match, **script}
        self._http.post("/control/script", json=body).raise_for_status()

    @property
    def counts(self) -> Counts:
        """What was asked and how it ended, since the check began."""
        return Counts(**self._data()["counts"])

    @property
    def requests(self) -> Sequence[Asked]:
        """The requests, oldest first, since the check began."""
        return [Asked(**one) for one in self._data()["requests"]]

    def wait(self, until: Callable[[Counts], bool], seconds: float = 2.0) -> Counts:
        """Wait until the counts satisfy a condition; give them, satisfied or not, at the end."""
        deadline = time.monotonic() + seconds
        while not until(counts := self.counts) and time.monotonic() < deadline:
            time.sleep(0.01)
        return counts

    def _data(self) -> dict[str, JSON]:
        response = self._http.get("/control").raise_for_status()
        data: dict[str, JSON] = response.json()
        return data

    def reset(self) -> None:
        """Forget requests and scripts, and let go what is stalled."""
        self._http.post("/control/reset").raise_for_status()

    def close(self) -> None:
        """Forget scripts that were not used, and close the connection."""
        self.reset()
        self._http.close()


@cache
def _no_tls() -> ssl.SSLContext:
    """Give a context without certificates, for a server that speaks plain HTTP."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _certificates() -> dict[str, str]:
    """Let each client of a lab look for a certificate when it needs one.

    A client reads all of them otherwise, which takes 35 ms, and the lab's model needs none.
    """
    folder = ssl.get_default_verify_paths().capath
    by_name = folder and any(Path(folder).glob("*.0"))
    return {"SSL_CERT_DIR": folder} if folder and by_name else {}
