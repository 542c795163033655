"""A readied pytest is the same as any other, and serves one run."""

import json
import os
import subprocess
import sys
from pathlib import Path

SUITE = """
import pytest

@pytest.fixture
def shelf(tmp_path, monkeypatch, caplog, capsys, anyio_backend_name, record_property):
    return ["Emma"]

class TestShelf:
    @pytest.fixture(autouse=True)
    def opened(self):
        self.open = True

    def test_shelf(self, shelf):
        assert self.open and shelf == ["Emma"]

@pytest.mark.anyio
async def test_async(tmp_path_factory, pytestconfig):
    assert pytestconfig.invocation_params.dir.name == "lab"

def test_inner(request):
    assert pytest.main(["-q", "inner.py"]) == 5

def test_missing(shelve):
    pass
"""
RUN = """
import json, os, sys
import anyio.pytest_plugin, pytest
from _pytest.fixtures import FixtureManager
from contextlib import nullcontext
from checker.host.readied import Readied, fixtures_remembered

class Plugin:
    @pytest.fixture
    def own(self):
        return 1

class Watcher:
    def __init__(self):
        self.told = {}

    def pytest_collection_finish(self, session):
        config, manager = session.config, session._fixturemanager
        self.told["fixtures"] = sorted(
            (one.argname, one.scope, one.func.__module__)
            for one in manager._get_all_fixture_defs()
        )
        self.told["autouse"] = [list(manager._getautousenames(item)) for item in session.items]
        params = config.invocation_params
        self.told["params"] = [params.args, params.dir.name, len(params.plugins)]
        self.told["rootpath"] = str(config.rootpath)
        self.told["plugins"] = sorted(name for name, _ in config.pluginmanager.list_name_plugin()
                                      if not name.isdigit())
        self.told["options"] = sorted(map(str, vars(config.option).items()))

    def pytest_runtest_logreport(self, report):
        if report.failed or report.when == "call":
            self.told[report.nodeid] = [report.outcome, report.longreprtext]

begin = ["-q", "-p", "no:cacheprovider", "-p", "no:setuponly"]
readied = Readied(begin) if sys.argv[1] == "readied" else None
os.chdir("lab")
runs = []
for arguments in ([*begin, "test_shelf.py"], [*begin, "test_shelf.py"], ["-q", "test_shelf.py"]):
    watcher = Watcher()
    with readied.used() if readied else nullcontext():
        code = pytest.main(arguments, plugins=[watcher, Plugin(), anyio.pytest_plugin])
    runs.append([int(code), watcher.told])
with fixtures_remembered():
    pass
assert FixtureManager.parsefactories.__module__ == "_pytest.fixtures"
open("../told.json", "w").write(json.dumps(runs))
"""


def told(folder: Path, how: str) -> list[list[object]]:
    """Run the suite three times in an interpreter of its own and give what became of it."""
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-c", RUN, how]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=env)
    runs: list[list[object]] = json.loads((folder / "told.json").read_text())
    return runs


def test_a_readied_run_differs_in_nothing(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab/test_shelf.py").write_text(SUITE)
    (tmp_path / "lab/inner.py").write_text("")
    plain, readied = told(tmp_path, "plain"), told(tmp_path, "readied")
    assert readied == plain
    assert [code for code, _ in plain] == [1, 1, 1]
    outcomes = plain[0][1]
    assert isinstance(outcomes, dict)
    found = {name: one[0] for name, one in outcomes.items() if "::" in name}
    assert found == {
        "test_shelf.py::TestShelf::test_shelf[asyncio]": "passed",
        "test_shelf.py::test_async[asyncio]": "passed",
        "test_shelf.py::test_inner": "passed",
        "test_shelf.py::test_missing": "failed",
    }
    assert {"own", "tmp_path", "anyio_backend"} <= {one[0] for one in outcomes["fixtures"]}
