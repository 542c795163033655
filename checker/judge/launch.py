"""Start the learner's app in the host and follow it from import to exit."""

import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from checker.catalog.model import Limits
from checker.host.facts import Frame, Problem, Raised
from checker.judge.control import ConnectionEnded, Control, HostGoneError, Line, LineTooLong
from checker.judge.evidence import CallMissing, CallRaised, Ended, LaunchFailed
from checker.judge.guard import held, read_beneath
from checker.report import Verdict

QUESTION_SECONDS = 2.0
LOG_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Order:
    """What to start: a folder of files, and an entry point `module:attribute` or a command.

    `port_env` names a variable that tells a command its port; `at` is the address of an earlier
    launch, which has ended, to listen at again.
    `setting` says in words what differs from the way in which the lab is usually started.
    """

    folder: Path
    entry: str
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] | None = None
    port_env: str = ""
    at: Mapping[str, Any] = field(default_factory=dict)
    setting: tuple[str, ...] = ()

    def line(self) -> Line:
        """Give the order as the host's protocol wants it."""
        return {
            "op": "launch",
            "folder": str(self.folder),
            "entry": self.entry,
            "env": self.env,
            "command": list(self.command) if self.command else None,
            "port_env": self.port_env,
            "at": dict(self.at),
        }


class Launched:
    """One process of the learner's app. Starting does not wait; `wait_ready` does.

    `address` is where the judge reaches it, `told` the same in the app's own words.

    Args:
        control: the connection that the process hangs on.
        order: what to start.
        limits: the topic's.
        root: the only folder in which its sockets and logs may be; None where it is trusted.
    """

    def __init__(
        self, control: Control, order: Order, limits: Limits, root: Path | None = None
    ) -> None:
        self.control = control
        self._root = root
        self._held: int | None = None
        self.order = order
        self.limits = limits
        self.phase = "import"
        self.address: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.ended: Ended | None = None
        self._log_path: Path | None = None
        self._frames: tuple[Frame, ...] = ()
        self._failure: LaunchFailed | None = None
        control.send(order.line())

    def wait_ready(self) -> None:
        """Wait until the app accepts requests.

        Raises:
            LaunchFailed: the app does not load (broken) or takes too long (timeout).
            HostGoneError: the host does not answer.
        """
        if self._failure is not None:
            raise self._failure
        if self.address:
            return
        try:
            self._follow()
        except LaunchFailed as failure:
            self._failure = failure
            raise
        except LineTooLong as error:
            message = f"The app has sent the judge {error}"
            problem: Problem = {"kind": "forged", "message": message}
            self._failure = LaunchFailed(Verdict.BROKEN, problem=problem, log=self.log())
            raise self._failure from None
        except ConnectionEnded as error:
            raise HostGoneError(str(error)) from error

    def _follow(self) -> None:
        deadline = time.monotonic() + self.limits.startup
        while not self.address:
            try:
                line = self.control.receive(deadline - time.monotonic())
            except TimeoutError:
                raise LaunchFailed(
                    Verdict.TIMEOUT,
                    timeout=self.phase,
                    seconds=self.limits.startup,
                    log=self.log(),
                    frames=self._frames,
                ) from None
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                self._take(line)  # a line without the right shape is none of the host's
            if line.get("event") == "phase":
                deadline = time.monotonic() + self.limits.startup

    def _take(self, line: Line) -> None:
        match line.get("event"):
            case "phase":
                self.phase = str(line["phase"])
                if "log" in line:
                    self._log_path = Path(line["log"])
                self._frames = ()
            case "busy":
                self._frames = tuple(line["frames"])
            case "ready":
                self.phase = "serving"
                self._take_address(line["address"])
            case "broken":
                raise LaunchFailed(Verdict.BROKEN, problem=line["problem"], log=self.log())
            case "exit":
                raise LaunchFailed(Verdict.BROKEN, ended=self._note_end(line), log=self.log())
            case "error":
                raise HostGoneError(str(line.get("message")))

    def _take_address(self, told: dict[str, Any]) -> None:
        try:
            self.address, self._held = held(told, self._root)
        except OSError as error:
            message = f"The app says that it listens where it must not: {error}"
            problem: Problem = {"kind": "forged", "message": message}
            raise LaunchFailed(Verdict.BROKEN, problem=problem, log=self.log()) from None
        self.told = told

    def _note_end(self, line: Line) -> Ended:
        code, number = line.get("code"), line.get("signal")
        self.ended = Ended(self.phase, code, number, self.log(), self.order.command or ())
        return self.ended

    def ask(self, op: str, seconds: float = QUESTION_SECONDS, **question: object) -> Line:
        """Ask the app's process; an empty answer means that it did not reply in time or is gone."""
        number = self.control.next_id()
        deadline = time.monotonic() + seconds
        try:
            self.control.send({"op": op, "id": number, **question})
            while True:
                line = self.control.receive(deadline - time.monotonic())
                if line.get("event") == "exit":
                    self._note_end(line)
                elif line.get("reply") == number:
                    return line
        except (TimeoutError, ConnectionEnded):
            return {}

    def call(self, target: str, args: Sequence[object], kwargs: object, seconds: float) -> object:
        """Call a learner's function in the app's process; JSON in, JSON out.

        Raises:
            CallRaised: it raised.
            CallMissing: there is no such function.
            TimeoutError: it did not return in time.
        """
        reply = self.ask("call", seconds, target=target, args=list(args), kwargs=kwargs)
        raised, missing = reply.get("raised"), reply.get("missing")
        if isinstance(raised, dict) and {"type", "message", "frames"} <= raised.keys():
            raise CallRaised(target, cast("Raised", raised))
        if isinstance(missing, dict):
            raise CallMissing(target, list(missing.get("names", [])))
        if "value" not in reply:
            raise TimeoutError
        return reply["value"]

    def seek_end(self, seconds: float = 0.2) -> Ended | None:
        """Find out whether the process has ended, waiting at most `seconds` for the news."""
        deadline = time.monotonic() + seconds
        try:
            while self.ended is None:
                line = self.control.receive(deadline - time.monotonic())
                if line.get("event") == "exit":
                    self._note_end(line)
        except (TimeoutError, ConnectionEnded):
            pass
        return self.ended

    def stop(self, seconds: float = 5.0) -> Ended | None:
        """Ask for a graceful stop, so that lifespan exit runs, and wait for the end."""
        if self.ended is None and self.address:
            self.ask("stop", seconds)
            self.seek_end(seconds)
        return self.ended

    def log(self) -> str:
        """Give the last 20 kB of what the process wrote to stdout and stderr."""
        if self._log_path is None:
            return ""
        if self._root is not None:
            name = f"log/{self._log_path.name}"
            said = read_beneath(self._root, name, LOG_BYTES, tail=True)
            return (said or b"").decode("utf-8", "replace")
        if not self._log_path.exists():
            return ""
        with self._log_path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LOG_BYTES))
            return file.read().decode("utf-8", "replace")

    def close(self) -> None:
        """End the process tree at once."""
        self.control.close()
        held_file, self._held = self._held, None
        if held_file is not None:
            os.close(held_file)
