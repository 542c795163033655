"""The command as a process of its own, as a shell or a program starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

COMMAND = (sys.executable, "-m", "checker")


def run_process(*words: str, cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end, without a terminal."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


class Watching:
    """A running `checker watch --json`."""

    def __init__(self, process: "subprocess.Popen[str]", stdout: IO[str]) -> None:
        self.process = process
        self._stdout = stdout

    def line(self) -> dict[str, Any]:
        """Read the next line; the test's own time limit ends the wait."""
        document: dict[str, Any] = json.loads(self._stdout.readline())
        return document

    def until_ready(self) -> dict[str, Any]:
        """Read the first report and the line that says that saves are seen."""
        report = self.line()
        assert self.line()["event"] == "ready"
        return report


@contextmanager
def watching(*words: str, cwd: Path, **env: str) -> Iterator[Watching]:
    """Run `checker watch --json` as long as the context is open."""
    process = subprocess.Popen(
        [*COMMAND, "watch", "--json", *words],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Watching(process, process.stdout)
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
