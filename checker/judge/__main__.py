"""Start the judge: the host first, since it takes longest, then the server of checks."""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from checker.errors import CheckerError
from checker.sandbox.cells import Cells, make_plan
from checker.sandbox.limits import HostLimits


def main() -> None:
    """Serve checks on standard input and output; with --one, judge one order and end."""
    arguments = _parse()
    if arguments.one:
        from checker.judge.one import judge_one

        judge_one(sys.stdin.readline(), sys.stdout)
        return
    with ExitStack() as stack:
        base = _folder(stack)
        memory = arguments.memory or _folder(stack)
        try:
            plan = make_plan(base, arguments.sandbox, arguments.limits, arguments.start)
            cells = stack.enter_context(
                Cells(plan, reserve=not arguments.grading, many=arguments.grading)
            )
            from checker.judge.lines import level_line
            from checker.judge.server import Server

            print(level_line(plan.level), flush=True)  # noqa: T201 - the protocol's own line
            Server(cells, memory, grading=arguments.grading).serve()
        except CheckerError as error:
            from checker.judge.lines import error_line

            print(error_line(error), flush=True)  # noqa: T201


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m checker.judge")
    parser.add_argument("--sandbox", default="bare")
    parser.add_argument("--start", choices=["fork", "spawn"], default=None)
    parser.add_argument("--memory", type=Path, help="a folder of trials that judges share")
    parser.add_argument(
        "--limits", type=_limits, default=HostLimits(), help="of a sandbox, as JSON"
    )
    parser.add_argument("--grading", action="store_true", help="many labs, each judged once")
    parser.add_argument("--one", action="store_true", help="judge one order (used by the server)")
    return parser.parse_args()


def _limits(text: str) -> HostLimits:
    return HostLimits(**json.loads(text))


def _folder(stack: ExitStack) -> Path:
    """Make a folder that goes with the judge."""
    folder = tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True)
    return Path(stack.enter_context(folder))


if __name__ == "__main__":
    main()
