"""The three timed ways to a verdict, each in processes of its own."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.errors import EnvironmentFaultError

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.2
LAB_VARIABLE = "BENCH_LAB"


@dataclass(frozen=True, slots=True)
class Bed:
    """What the three runs of a topic share: a lab in a workspace, and the hand-written suite."""

    catalog: Catalog
    topic: Topic
    suite: Path
    workspace: Path
    lab: Path

    def environment(self) -> dict[str, str]:
        """Give the environment that leads each run to the same lab."""
        return {
            **os.environ,
            **self.catalog.layout.environment(),
            "CHECKER_WORKSPACE": str(self.workspace),
            LAB_VARIABLE: str(self.lab),
        }


def run_pytest(bed: Bed) -> float:
    """Run the hand-written suite by a cold `python -m pytest` and give its seconds."""
    settings = bed.suite.parent / "pytest.ini"
    return _timed(bed, ["pytest", "-q", "-c", str(settings), str(bed.suite)])


def run_check(bed: Bed) -> float:
    """Run `checker check` cold and give its seconds."""
    return _timed(bed, ["checker", "check", bed.topic.id])


def save_and_wait(bed: Bed, saves: int) -> list[float]:
    """Save a change `saves` times beside a running `checker watch`: seconds until each verdict."""
    file = next(path for path in sorted(bed.lab.rglob("*.py")) if path.stat().st_size)
    original = file.read_text(encoding="utf-8")
    times = []
    with _watch(bed) as output:
        for number in range(saves):
            time.sleep(PAUSE_SECONDS)
            text = f"{original}\nSAVE = {number}\n"
            begin = time.perf_counter()
            file.write_text(text, encoding="utf-8")
            _await_verdict(output)
            times.append(time.perf_counter() - begin)
    file.write_text(original, encoding="utf-8")
    return times


def _timed(bed: Bed, arguments: list[str]) -> float:
    """Run a module of this Python, which must end with 0, and give its seconds."""
    command = [sys.executable, "-m", *arguments]
    begin = time.perf_counter()
    done = subprocess.run(
        command,
        env=bed.environment(),
        cwd=bed.workspace,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise EnvironmentFaultError(
            f"`python -m {' '.join(arguments)}` ended with {done.returncode}:\n"
            f"{(done.stdout + done.stderr)[-1500:]}",
            "The solution must pass both suites: `checker author verify` helps.",
        )
    return seconds


@contextlib.contextmanager
def _watch(bed: Bed) -> Iterator[IO[str]]:
    """Run `checker watch` on the topic until saves are seen; end it in order."""
    command = [sys.executable, "-m", "checker", "watch", bed.topic.id, "--json"]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command,
            env=bed.environment(),
            cwd=bed.workspace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        limit = threading.Timer(PATIENCE_SECONDS, process.kill)
        limit.start()
        try:
            _await_ready(process.stdout)
            yield process.stdout
        finally:
            limit.cancel()
            process.terminate()


def _await_ready(output: IO[str]) -> None:
    """Read past the first verdict up to the line that says that saves are seen."""
    _await_verdict(output)
    for line in output:
        if json.loads(line).get("event") == "ready":
            return


def _await_verdict(output: IO[str]) -> None:
    """Read lines up to one with a report, which must say that the lab passes."""
    for line in output:
        report = json.loads(line)
        if "verdict" in report:
            if report["verdict"] != "passed":
                raise EnvironmentFaultError(
                    f"`checker watch` found the solution {report['verdict']}.",
                    "Run `checker author verify`; the solution must pass.",
                )
            return
    raise EnvironmentFaultError(
        "`checker watch` ended before its verdict.", "Run `checker watch --json` to see why."
    )
