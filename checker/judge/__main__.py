"""Start the judge: the host first, since it takes longest, then the server of checks."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from checker.errors import CheckerError
from checker.sandbox import start_host


def main() -> None:
    """Serve checks on standard input and output; with --one, judge one order and end."""
    parser = argparse.ArgumentParser(prog="python -m checker.judge")
    parser.add_argument("--sandbox", default="bare")
    parser.add_argument("--start", choices=["fork", "spawn"], default=None)
    parser.add_argument("--memory", type=Path, help="a folder of trials that judges share")
    parser.add_argument("--many", action="store_true", help="expect many labs of each topic")
    parser.add_argument("--one", action="store_true", help="judge one order (used by the server)")
    arguments = parser.parse_args()
    if arguments.one:
        from checker.judge.one import judge_one

        judge_one(sys.stdin.readline(), sys.stdout)
        return
    with ExitStack() as stack:
        run_dir = _folder(stack)
        memory = arguments.memory or _folder(stack)
        try:
            with start_host(run_dir, sandbox=arguments.sandbox, start=arguments.start) as host:
                from checker.judge.server import Server

                Server(
                    host,
                    run_dir,
                    memory,
                    arguments.sandbox,
                    arguments.start,
                    many=arguments.many,
                ).serve()
        except CheckerError as error:
            from checker.judge.lines import error_line

            print(error_line(error), flush=True)  # noqa: T201 - the protocol's own line


def _folder(stack: ExitStack) -> Path:
    """Make a folder that goes with the judge."""
    folder = tempfile.TemporaryDirectory(prefix="checker-", ignore_cleanup_errors=True)
    return Path(stack.enter_context(folder))


if __name__ == "__main__":
    main()
