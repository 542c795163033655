"""Keep one service: `python -m checker.services redis`; see `keeper` for what it says and hears."""

import importlib
import sys

from checker.services.keeper import run
from checker.services.registry import SERVICES


def main() -> None:
    """Keep the service that the first argument names."""
    module = importlib.import_module(f"checker.services.{SERVICES[sys.argv[1]].name}")
    sys.exit(run(module.service()))


if __name__ == "__main__":
    main()
