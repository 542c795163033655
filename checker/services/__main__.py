"""Keep one service: `python -m checker.services redis`; see `keeper` for what it says and hears."""

import importlib
import sys
from pathlib import Path

from checker.services.keeper import run
from checker.services.registry import SERVICES


def main() -> None:
    """Keep the service that the first argument names; the second is a folder for its doors."""
    module = importlib.import_module(f"checker.services.{SERVICES[sys.argv[1]].name}")
    doors = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    sys.exit(run(module.service(), doors))


if __name__ == "__main__":
    main()
