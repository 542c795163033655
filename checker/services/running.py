"""Keepers as whoever needs services holds them: started once, asked for a reset before each use."""

import contextlib
import importlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from checker.closing import Closing
from checker.errors import EnvironmentFaultError
from checker.services.address import Address
from checker.services.registry import SERVICES, Spec

START_SECONDS = 30.0
ANSWER_SECONDS = 10.0
PING_SECONDS = 3.0
END_SECONDS = 6.0


class Keeper:
    """The process that keeps one service.

    Start it from a thread that lives as long as the service is wanted.
    """

    worked: bool
    """Whether it was ever reset."""

    def __init__(self, spec: Spec, doors: Path | None = None, options: Sequence[str] = ()) -> None:
        self._spec = spec
        self._buffer = b""
        self.worked = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the keeper
        command = [sys.executable, "-P", "-m", "checker.services", spec.name, *options]
        self._process = subprocess.Popen(
            [*command, "--doors", str(doors)] if doors is not None else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"},
            start_new_session=os.name != "nt",
        )

    @property
    def pid(self) -> int:
        """The process id of the keeper."""
        return self._process.pid

    def reset(self) -> Address:
        """Wait until the service runs, make it as good as new, and give its address.

        Raises:
            EnvironmentFaultError: it cannot be had, or does not answer.
        """
        if not self.worked:
            self._hear(START_SECONDS)
        self._tell("reset")
        address = Address.read(self._hear(ANSWER_SECONDS))
        self.worked = True
        return address

    def renew(self) -> None:
        """Let no trace of whoever used the service be left.

        Raises:
            EnvironmentFaultError: it cannot be done.
        """
        if self.worked:
            self._tell("renew")
            self._hear(START_SECONDS)

    def ping(self) -> None:
        """Ask whether the service answers.

        Raises:
            EnvironmentFaultError: it does not.
        """
        self._tell("ping")
        self._hear(PING_SECONDS)

    def _tell(self, op: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # what it said before it ended is heard next
            self._process.stdin.write(json.dumps({"op": op}).encode() + b"\n")

    def _hear(self, seconds: float) -> dict[str, Any]:
        try:
            line: dict[str, Any] = json.loads(self._line(seconds))
        except TimeoutError as error:
            self.kill()
            raise self._fault(
                f"It does not answer within {seconds:g} seconds.",
                "Run the command again: it is started anew.",
            ) from error
        except ValueError as error:
            raise self._fault(*self._last_words()) from error
        if line["event"] == "fault":
            raise self._fault(line["message"], line["remedy"])
        return line

    def _line(self, seconds: float) -> bytes:
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        file = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            left = max(0.0, deadline - time.monotonic())
            if os.name != "nt" and not select.select([file], [], [], left)[0]:
                raise TimeoutError
            data = os.read(file, 65536)
            if not data:
                return b""
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _last_words(self) -> tuple[str, str]:
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        message = f"Its keeper ended: {said[-1] if said else 'it wrote nothing'}"
        return message, "Run the command again; if it happens again, run `checker doctor`."

    def _fault(self, message: str, remedy: str) -> EnvironmentFaultError:
        title = self._spec.title
        return EnvironmentFaultError(f"{title[0].upper()}{title[1:]}: {message}", remedy)

    def wait(self) -> None:
        """Wait until the service ends by itself, and raise the EnvironmentFaultError of it."""
        self._process.wait()
        self._hear(PING_SECONDS)

    def kill(self) -> None:
        """End the keeper at once; the service goes with it."""
        if os.name == "nt":
            self._process.kill()
        else:
            self._process.terminate()

    def close(self) -> None:
        """End the service and its keeper."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        for seconds in (1.0, END_SECONDS):
            try:
                self._process.wait(seconds)
                break
            except subprocess.TimeoutExpired:  # a forked copy of us holds its standard input open
                self._process.terminate()
        else:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()


class Services(Closing):
    """Services that are started when they are first needed, and stay until `close`.

    Args:
        doors: a folder for sockets that lead to them, where a sandbox keeps labs from their ports.
    """

    def __init__(self, doors: Path | None = None) -> None:
        self._doors = doors
        self._keepers: dict[str, Keeper] = {}
        self._used: set[str] = set()
        self._stale: set[str] = set()

    def prepare(self, names: Iterable[str]) -> dict[str, Address]:
        """Start what does not run yet, side by side, and make each as good as new.

        Raises:
            EnvironmentFaultError: one of them cannot be had.
        """
        wanted = list(names)
        for name in wanted:
            if name not in self._keepers:
                self._keepers[name] = Keeper(SERVICES[name], self._doors)
        self._used.update(wanted)
        return {name: self._reset(name) for name in wanted}

    def renew(self) -> None:
        """Let nobody meet what came before; each service does it when it is needed again."""
        self._stale |= self._used
        self._used.clear()

    def _reset(self, name: str) -> Address:
        """Reset a service; one that ended since its last use is started anew."""
        keeper, stale = self._keepers[name], name in self._stale
        self._stale.discard(name)
        try:
            if stale:
                keeper.renew()
            return keeper.reset()
        except EnvironmentFaultError:
            self._drop(name)
            if not keeper.worked:
                raise
        keeper = self._keepers[name] = Keeper(SERVICES[name], self._doors)
        try:
            return keeper.reset()
        except EnvironmentFaultError:
            self._drop(name)
            raise

    def _drop(self, name: str) -> None:
        """Forget a keeper, so that the next use starts another."""
        self._keepers.pop(name).close()

    def environment(self, names: Iterable[str]) -> dict[str, str]:
        """Prepare services and give the variables that lead to them."""
        return merged(self.prepare(names))

    def trouble(self, names: Iterable[str]) -> EnvironmentFaultError | None:
        """Say what is wrong with services that were prepared; None when each answers."""
        for name in names:
            try:
                self._keepers[name].ping()
            except EnvironmentFaultError as error:
                self._drop(name)
                return error
        return None

    def pids(self) -> dict[str, int]:
        """Give the process ids of the keepers, by service."""
        return {name: keeper.pid for name, keeper in self._keepers.items()}

    def close(self) -> None:
        """End them all."""
        keepers, self._keepers = self._keepers, {}
        for keeper in keepers.values():
            keeper.close()


def merged(addresses: Mapping[str, Address]) -> dict[str, str]:
    """Give the variables of all addresses."""
    return {name: value for one in addresses.values() for name, value in one.env.items()}


def preload(names: Iterable[str]) -> None:
    """Import what suites use these services with, for this process and those forked from it.

    Raises:
        EnvironmentFaultError: a package is missing.
    """
    for name in names:
        for module in SERVICES[name].judge_preload:
            try:
                importlib.import_module(module)
            except ImportError as error:
                raise EnvironmentFaultError(
                    f"A package that {SERVICES[name].title} is used with is missing: {error}.",
                    "Run `checker doctor`; it says which package to install.",
                ) from error
