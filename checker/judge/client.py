"""Hold a warm judge from another process: what commands, notebooks and the author's tools use."""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.closing import Closing
from checker.errors import EnvironmentFaultError
from checker.sandbox.limits import HostLimits, SandboxLevel

if TYPE_CHECKING:
    from checker.report import TopicReport

PATIENCE_SECONDS = 60.0
START_VARIABLE = "CHECKER_START"


class Judge(Closing):
    """A judge process and the host behind it, started once and asked many times.

    Args:
        catalog: of the curriculum; its root is handed to the judge.
        sandbox: bare or bubblewrap.
        start: fork or spawn; None takes what the system can, or CHECKER_START.
        memory: a folder in which several judges keep trials that need not be run again.
        limits: what a submission may use in a sandbox; the usual ones if None.
        grading: do nothing that only makes the next verdict on the same lab come sooner.
        processors: numbers of those that it and its hosts run on, where the system lets us choose;
            all of them if empty. A judge and its host wait for each other all the time, so that
            on one processor they lose nothing and need not wake another one up.
    """

    def __init__(
        self,
        catalog: Catalog,
        sandbox: str = "bare",
        start: str | None = None,
        memory: Path | None = None,
        limits: HostLimits | None = None,
        *,
        grading: bool = False,
        processors: Collection[int] = (),
    ) -> None:
        self.limits = limits or HostLimits()
        self._grading = grading
        self._processors = processors
        self._level: SandboxLevel | None = None
        self.sandbox = sandbox
        self._memory = memory
        self._catalog = catalog
        self._start_method = start or os.environ.get(START_VARIABLE)
        self._process: subprocess.Popen[str] | None = None
        self._errors: IO[str] | None = None

    def start(self) -> None:
        """Begin to start the judge without waiting for it."""
        if self._process is not None:
            return
        command = [sys.executable, "-P", "-m", "checker.judge", "--sandbox", self.sandbox]
        if self._start_method:
            command += ["--start", self._start_method]
        command += ["--limits", json.dumps(self.limits.figures())]
        command += ["--grading"] if self._grading else []
        if self._memory:
            command += ["--memory", str(self._memory)]
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the judge
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=self._environment(),
        )
        if self._processors and hasattr(os, "sched_setaffinity"):
            with contextlib.suppress(OSError):  # it has ended, or none of them is ours any more
                os.sched_setaffinity(self._process.pid, self._processors)

    def _environment(self) -> dict[str, str]:
        """Give the judge this process's variables, less those that would change how pytest runs."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        env |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONIOENCODING": "utf-8"}
        for name in ("PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE"):
            env.pop(name, None)
        return env | self._catalog.layout.environment()

    def check(
        self,
        topic: Topic,
        folder: Path,
        seed: int | None = None,
        env: dict[str, str] | None = None,
    ) -> "TopicReport":
        """Judge the lab in `folder`.

        Args:
            topic: a written topic.
            folder: the learner's files; they are copied, never changed.
            seed: of the run's data; random when absent.
            env: variables that every launch gets beside the lesson's own.

        Raises:
            EnvironmentFaultError: the judge or its host does not come up or died.
        """
        self.start()
        seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
        order = {"topic": topic.id, "folder": str(folder), "seed": seed, "env": env or {}}
        limit = threading.Timer(
            PATIENCE_SECONDS + self._catalog.lesson(topic).limits.topic, self._kill
        )
        limit.start()
        try:
            event = self._exchange(order)
        finally:
            limit.cancel()
        if event["event"] == "fault":
            raise EnvironmentFaultError(event["message"], event["remedy"])
        from checker.report import TopicReport

        return TopicReport.model_validate(event["report"])

    def renew(self) -> None:
        """Let the next check find a sandbox, a host and services in which nobody has been.

        All that the last submission started ends. The judge itself stays, and this does not wait.
        """
        if self._process is None:
            return
        assert self._process.stdin is not None
        try:
            self._process.stdin.write('{"op": "renew"}\n')
            self._process.stdin.flush()
        except OSError:  # the next check says how it ended
            return

    @property
    def level(self) -> SandboxLevel:
        """What stands around the code that is judged.

        Raises:
            EnvironmentFaultError: the judge or its sandbox does not come up.
        """
        if self.sandbox == "bare":
            return SandboxLevel()
        if self._level is None:
            self.start()
            event = self._hear("level")
            if event["event"] == "fault":
                raise EnvironmentFaultError(event["message"], event["remedy"])
        assert self._level is not None
        return self._level

    def _hear(self, *wanted: str) -> dict[str, Any]:
        """Read up to one of the wanted events, or a fault."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                event: dict[str, Any] = json.loads(line)
                if event["event"] == "level":
                    self._level = SandboxLevel.read(event["level"])
                if event["event"] in (*wanted, "fault"):
                    return event
        except (OSError, ValueError):
            pass
        raise self._death()

    def _exchange(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            from checker.report import TopicReport  # noqa: F401 - imported while the judge works

        except OSError:
            raise self._death() from None
        return self._hear("report")

    def _death(self) -> EnvironmentFaultError:
        """Tell how the judge ended, and let the next check start another."""
        detail = ""
        if self._errors is not None:
            self._errors.seek(0)
            detail = self._errors.read()[-2000:].strip()
        self.close()
        return EnvironmentFaultError(
            "The judge process ended unexpectedly." + (f"\n{detail}" if detail else ""),
            "Run `checker doctor`; it says what is missing or in the way.",
        )

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the judge, its host and all that runs in it."""
        process, self._process = self._process, None
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close_quietly(pipe)
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def __enter__(self) -> Self:
        self.start()
        return self


def _close_quietly(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except OSError:
        return
