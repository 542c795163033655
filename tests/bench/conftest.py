"""What the hand-written suites share: a client of the lab's app, in the process of the tests."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

SOLUTIONS = Path(__file__).parents[2] / "solutions" / "s01_fundamentals"


@pytest.fixture(scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """Serve the lab that BENCH_LAB names, else the solution of the topic that the suite names."""
    topic = request.path.stem.removeprefix("test_")
    folder = os.environ.get("BENCH_LAB") or str(SOLUTIONS / topic)
    sys.path.insert(0, folder)
    try:
        module = importlib.import_module("app")
        with TestClient(module.app) as client:
            yield client
    finally:
        sys.path.remove(folder)
        sys.modules.pop("app", None)
