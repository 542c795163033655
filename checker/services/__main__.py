"""Keep one service: `python -m checker.services redis`; see `keeper` for what it says and hears."""

import argparse
import importlib
import sys
from pathlib import Path

from checker.services.keeper import run
from checker.services.registry import SERVICES


def main() -> None:
    """Keep the service that the first argument names; options that are not ours are its own."""
    parser = argparse.ArgumentParser(prog="python -m checker.services")
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--doors", type=Path, help="a folder for sockets that lead to its ports")
    arguments, options = parser.parse_known_args()
    module = importlib.import_module(f"checker.services.{arguments.service}")
    sys.exit(run(module.service(*options), arguments.doors))


if __name__ == "__main__":
    main()
