"""Start the host: `python -m checker.host --run-dir DIR`."""

import argparse
import os
import socket
import sys
from pathlib import Path

from .listening import listen
from .processes import adopt_orphans, die_with_parent
from .surroundings import apply_limits


def main() -> None:
    """Listen, warm up, say ready and serve until standard input closes."""
    options = _parse()
    if options.nursery is not None:
        from .nursery import serve

        serve(socket.socket(fileno=options.nursery))
        return
    run_dir: Path = options.run_dir.resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    die_with_parent()
    adopt_orphans()
    apply_limits(dict(options.limit))
    listener = listen(run_dir, options.transport)
    if options.start == "fork":
        from .warm import warm_up
        from .zygote import Zygote

        warm_up()
        listener.announce()
        Zygote(listener, run_dir, options.transport, reserve=not options.no_reserve).serve()
    else:
        from .spawner import Spawner

        listener.announce()
        Spawner(listener, run_dir, options.transport).serve()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m checker.host")
    parser.add_argument("--run-dir", type=Path, default=Path())
    parser.add_argument("--nursery", type=int, metavar="FILE", help="a socket for orders")
    unix = sys.platform != "win32"
    parser.add_argument("--transport", choices=("uds", "tcp"), default="uds" if unix else "tcp")
    forks = "fork" if hasattr(os, "fork") else "spawn"
    parser.add_argument("--start", choices=("fork", "spawn"), default=forks)
    parser.add_argument("--no-reserve", action="store_true")
    parser.add_argument("--limit", type=_limit, action="append", default=[], metavar="NAME=NUMBER")
    return parser.parse_args()


def _limit(text: str) -> tuple[str, int]:
    """Read a limit of every process, as orders have them for a launch."""
    name, _, value = text.partition("=")
    return name, int(value)


if __name__ == "__main__":
    main()
