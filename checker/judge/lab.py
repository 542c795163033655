"""The running lab as a suite sees it: requests over a real socket, questions to the host."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from checker.host.facts import Raised, RouteFacts, Stall
from checker.judge.connections import Connections
from checker.judge.control import ConnectionEnded
from checker.judge.conversation import Stopwatch
from checker.judge.evidence import (
    ConnectionLost,
    Ended,
    FileMissing,
    LaunchFailed,
    RequestTimeout,
)
from checker.judge.launch import Launched
from checker.report import Verdict

JSON = Any


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that has ended: its exit code and all that it wrote."""

    code: int
    output: str


class Lab(Connections):
    """One running instance of the learner's app."""

    def openapi(self) -> dict[str, JSON]:
        """Fetch the app's OpenAPI document."""
        response = self.get("/openapi.json")
        assert response.status_code == 200
        return cast("dict[str, JSON]", response.json())

    # -- the process ------------------------------------------------------------------------------

    def call(self, target: str, *args: object, **kwargs: object) -> JSON:
        """Call a learner's function, named `module:function`, in the process of the running app.

        Arguments and result travel as JSON; coroutine functions are awaited on the app's loop.

        Raises:
            CallRaised: the function raised.
            CallMissing: there is no such function.
        """
        self._wait_ready()
        said = json.dumps({"args": args, "kwargs": kwargs}, default=repr).encode()
        exchange = self._session.conversation.note(self._launched, "CALL", target, body=said)
        seconds = self._session.left()
        watch = Stopwatch()
        try:
            return self._launched.call(target, args, kwargs, seconds)
        except TimeoutError:
            ended = self._launched.seek_end(0.05)
            self._hung = True
            if ended is not None:
                raise ConnectionLost(exchange, ended) from None
            raise RequestTimeout(exchange, seconds) from None
        finally:
            exchange.seconds = watch.seconds()

    def run(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        stdin: str = "",
    ) -> Completed:
        """Run a command in the lab's folder and wait for its end.

        Raises:
            RequestTimeout: it took longer than the topic's request limit or `timeout` (s).
        """
        exchange = self._session.conversation.note(self._launched, "RUN", " ".join(command))
        seconds = self._session.left(timeout)
        control = self._session.connect()
        order = {
            "op": "run",
            "folder": str(self._launched.order.folder),
            "command": list(command),
            "env": {**self._launched.order.env, **(env or {})},
            "timeout": seconds,
            "stdin": stdin,
        }
        try:
            control.send(order)
            line = control.receive(seconds + 1.0)
        except (TimeoutError, ConnectionEnded):
            raise RequestTimeout(exchange, seconds) from None
        finally:
            control.close()
        output = str(line.get("output", ""))
        exchange.response_body = output.replace(str(order["folder"]), ".").encode()
        if line.get("timeout"):
            raise RequestTimeout(exchange, seconds)
        code = line.get("code")
        exchange.exit_code = code if isinstance(code, int) else -int(line.get("signal") or 1)
        return Completed(exchange.exit_code, output)

    def restart(self) -> None:
        """End the app at once and start it anew from the same files."""
        self._close()
        self._hung = False
        self._launched = self._session.relaunch(self._launched.order)
        self._wait_ready()

    def start(self) -> None:
        """Start the app, which was stopped, anew: from the same files, at the same address."""
        order = replace(self._launched.order, at=self._launched.told)
        self._close()
        self._hung = False
        self._launched = self._session.relaunch(order)
        self._wait_ready()

    def stop(self) -> Ended:
        """Stop the app as an operator would, so that its lifespan exit runs."""
        ended = self._launched.stop(self._session.left())
        if ended is None:
            raise LaunchFailed(Verdict.TIMEOUT, timeout="shutdown", log=self.log)
        return ended

    # -- what can be looked at --------------------------------------------------------------------

    def file(self, name: str) -> str:
        """Read a file of the lab's folder as text.

        Raises:
            FileMissing: there is none of that name.
        """
        text = self._session.read(self._launched.order.folder, name)
        if text is None:
            raise FileMissing(name, self.files())
        return text

    def yaml(self, name: str) -> JSON:
        """Read a YAML file of the lab's folder as data.

        Raises:
            FileMissing: there is none of that name.
            AssertionError: it is not YAML; the message says in which line.
        """
        import yaml

        try:
            return yaml.safe_load(self.file(name))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "it cannot be read"
            raise AssertionError(f"{name}{where} is not YAML: {problem}.") from None

    def files(self) -> list[str]:
        """List the files of the lab's folder, relative to it."""
        return sorted(self._session.tree)

    @property
    def upstream(self) -> str:
        """Give the address at which a proxy in the host reaches the app.

        Raises:
            KeyError: it has no port; launch it by a command.
        """
        self._wait_ready()
        return f"127.0.0.1:{self._launched.address['port']}"

    @property
    def log(self) -> str:
        """Give the end of what the app wrote to stdout and stderr."""
        return self._launched.log()

    @property
    def sql(self) -> list[str]:
        """List the SQL statements that the app has sent so far."""
        return [one["statement"] for one in self._launched.ask("sql").get("value") or []]

    @property
    def exceptions(self) -> list[Raised]:
        """List the exceptions that escaped from the app so far."""
        return self._launched.ask("exceptions").get("value") or []

    @property
    def stalls(self) -> list[Stall]:
        """List the times in which the app's event loop stood still."""
        return self._launched.ask("stalls").get("value") or []

    @property
    def routes(self) -> list[RouteFacts]:
        """List the routes that the app answers."""
        return self._launched.ask("routes").get("value") or []

    @property
    def healthy(self) -> bool:
        """Tell whether the next check can use this instance."""
        return not self._hung and self._launched.seek_end(0.0) is None

    @property
    def launched(self) -> Launched:
        """Give the launch behind this lab, for the judge's own use."""
        return self._launched

    def _close(self) -> None:
        if "_transport" in self.__dict__:
            self._transport.close()
            del self._transport
        self._launched.close()

    def close(self) -> None:
        """End the app's process tree."""
        self._close()
