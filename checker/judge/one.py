"""Judge one order: read the lab, run the suite, write results and report as JSON lines."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from checker.catalog import Catalog
from checker.errors import CheckerError
from checker.files import read_tree
from checker.judge.lines import error_line, fault_line, report_line, result_line
from checker.judge.run import Run, suite_run
from checker.judge.session import Ground
from checker.report import CheckResult

Say = Callable[[str], None]

TELL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """What the server hands to the process that judges; it can travel as JSON.

    `run_dir` is the folder of a host whose code nobody trusts, `owner` the user it runs as.
    """

    topic: str
    folder: str
    seed: int
    staging: str
    address: dict[str, Any]
    token: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    controls: dict[str, dict[str, str]] = field(default_factory=dict)
    sandbox: str = "bare"
    memory: str = ""
    run_dir: str = ""
    owner: int | None = None

    def to_json(self) -> str:
        """Give the order as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "CheckOrder":
        """Read what `to_json` wrote."""
        return cls(**json.loads(line))

    def run(self, catalog: Catalog, tree: dict[str, bytes] | None = None) -> Run:
        """Give the run that this order asks for; the lab is read when no `tree` is given."""
        return Run(
            topic=catalog.find(self.topic),
            seed=self.seed,
            address=self.address,
            token=self.token,
            folder=Path(self.staging),
            tree=read_tree(Path(self.folder)) if tree is None else tree,
            env=self.env,
            controls=self.controls,
            sandbox=self.sandbox,
            memory=Path(self.memory) if self.memory else None,
            ground=Ground(Path(self.run_dir), self.owner) if self.run_dir else None,
        )


def judge_one(line: str, out: IO[str]) -> None:
    """Judge the order in `line`; write to `out`."""
    order = CheckOrder.from_json(line)
    judge(order.topic, lambda: order, Catalog(), writer(out))


def writer(out: IO[str]) -> Say:
    """Give a function that writes one line at once."""

    def write(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    return write


def judge(
    topic: str,
    receive: Callable[[], CheckOrder],
    catalog: Catalog,
    say: Say,
    *,
    ahead: bool = False,
) -> None:
    """Run the suite and say the report, or else the fault that prevented it.

    Results that came before are said every half second, for the case that the report never comes.
    With `ahead` the suite is collected before the order, for which `receive` may wait.
    """
    untold: list[CheckResult] = []
    told_at = time.monotonic()

    def emit(result: CheckResult) -> None:
        nonlocal told_at
        untold.append(result)
        if time.monotonic() - told_at > TELL_SECONDS:
            for one in untold:
                say(result_line(one))
            untold.clear()
            told_at = time.monotonic()

    try:
        with suite_run(
            catalog, catalog.find(topic), lambda: receive().run(catalog), emit, ahead=ahead
        ) as report:
            say(report_line(report))
    except CheckerError as error:
        say(error_line(error))
    except OSError as error:
        remedy = "See that the lab's folder exists and can be read."
        say(fault_line(f"The lab cannot be read: {error}", remedy))
