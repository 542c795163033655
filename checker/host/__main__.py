"""Start the host: `python -m checker.host --run-dir DIR`."""

import argparse
import os
import sys
from pathlib import Path

from .listening import listen
from .processes import adopt_orphans, die_with_parent


def main() -> None:
    """Listen, warm up, say ready and serve until standard input closes."""
    options = _parse()
    run_dir: Path = options.run_dir.resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    die_with_parent()
    adopt_orphans()
    listener = listen(run_dir, options.transport)
    if options.start == "fork":
        from .warm import warm_up
        from .zygote import Zygote

        warm_up()
        listener.announce()
        Zygote(listener, run_dir, options.transport).serve()
    else:
        from .spawner import Spawner

        listener.announce()
        Spawner(listener, run_dir, options.transport).serve()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m checker.host")
    parser.add_argument("--run-dir", type=Path, required=True)
    unix = sys.platform != "win32"
    parser.add_argument("--transport", choices=("uds", "tcp"), default="uds" if unix else "tcp")
    forks = "fork" if hasattr(os, "fork") else "spawn"
    parser.add_argument("--start", choices=("fork", "spawn"), default=forks)
    return parser.parse_args()


if __name__ == "__main__":
    main()
