"""A sandboxed judge that is renewed between submissions."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.judge.client import Judge
from checker.processors import usable
from checker.report import TopicReport, Verdict
from checker.sandbox import HostLimits, bubblewrap_available
from tests.host.conftest import gone
from tests.services.conftest import descendants

pytestmark = pytest.mark.skipif(bubblewrap_available() is not None, reason="needs bubblewrap")


@pytest.fixture(params=[False, True], ids=["one", "many"])
def guard(catalog: Catalog, request: pytest.FixtureRequest) -> Iterator[Judge]:
    """Hold a sandboxed judge, for one lab or for many."""
    limits = HostLimits(memory_bytes=256 << 20, processes=64, disk_bytes=16 << 20)
    with Judge(catalog, sandbox="bubblewrap", limits=limits, grading=request.param) as judge:
        yield judge


def check(guard: Judge, catalog: Catalog, tmp_path: Path, code: str = "") -> TopicReport:
    """Judge the solution of 5.1.1 with some code at its end."""
    topic = catalog.find("5.1.1")
    text = (catalog.rooms(topic).solution / "app.py").read_text()
    folder = tmp_path / "lab"
    folder.mkdir(exist_ok=True)
    (folder / "app.py").write_text(f"{text}\n{code}\n")
    return guard.check(topic, folder, seed=1)


def test_nothing_of_the_last_submission_is_left(
    guard: Judge, catalog: Catalog, tmp_path: Path
) -> None:
    leaves = (
        "import os\nopen('/tmp/left', 'w').close()\nif os.fork() == 0: import time; time.sleep(60)"
    )
    finds = "import os\nassert not os.path.exists('/tmp/left'), 'it is there'"
    assert check(guard, catalog, tmp_path, leaves).verdict is Verdict.PASSED
    assert check(guard, catalog, tmp_path, finds).verdict is Verdict.BROKEN
    guard.renew()
    assert check(guard, catalog, tmp_path, finds).verdict is Verdict.PASSED
    guard.renew()
    guard.renew()
    assert check(guard, catalog, tmp_path).verdict is Verdict.PASSED


def test_the_level_is_told(guard: Judge, catalog: Catalog) -> None:
    assert guard.level.trusted
    assert guard.level.around == "bubblewrap"
    assert Judge(catalog).level.text == "no sandbox"


def test_whoever_kills_the_host_fails_and_the_next_is_judged(
    guard: Judge, catalog: Catalog, tmp_path: Path
) -> None:
    report = check(guard, catalog, tmp_path, "import os, signal\nos.kill(-1, signal.SIGKILL)")
    assert report.verdict in (Verdict.FAILED, Verdict.BROKEN)
    assert check(guard, catalog, tmp_path).verdict is Verdict.PASSED


def test_a_limit_is_named_on_the_card(guard: Judge, catalog: Catalog, tmp_path: Path) -> None:
    if "cgroup" not in guard.level.memory:
        pytest.skip("no control groups")
    eats = "kept = [bytearray(10_000_000) for _ in range(100)]"
    report = check(guard, catalog, tmp_path, eats)
    assert report.verdict is Verdict.BROKEN
    assert report.card is not None
    assert "it used more than 256 MB of memory" in report.card.headline
    assert "grows without an end" in str(report.card.next_step)


def test_nothing_outlives_a_killed_judge(guard: Judge, catalog: Catalog, tmp_path: Path) -> None:
    assert check(guard, catalog, tmp_path).verdict is Verdict.PASSED
    assert guard._process is not None
    below = descendants(guard._process.pid)
    os.kill(guard._process.pid, signal.SIGKILL)
    assert all(gone(pid, 5) for pid in below)


def test_a_judge_keeps_to_its_processors(catalog: Catalog, tmp_path: Path) -> None:
    own = usable()[:1]
    with Judge(catalog, sandbox="bubblewrap", grading=True, processors=own) as guard:
        code = f"import os\nassert list(os.sched_getaffinity(0)) == {own}"
        assert check(guard, catalog, tmp_path, code).verdict is Verdict.PASSED
        guard.renew()
        assert check(guard, catalog, tmp_path, code).verdict is Verdict.PASSED


def test_a_judge_that_died_says_so_to_whoever_renews_it(catalog: Catalog, tmp_path: Path) -> None:
    guard = Judge(catalog, sandbox="bubblewrap")
    guard.renew()
    with guard:
        check(guard, catalog, tmp_path)
        assert guard._process is not None
        guard._process.kill()
        time.sleep(0.1)
        guard.renew()
        with pytest.raises(EnvironmentFaultError, match="ended unexpectedly"):
            check(guard, catalog, tmp_path)


def test_an_unknown_sandbox_is_a_fault(catalog: Catalog) -> None:
    told = pytest.raises(EnvironmentFaultError, match="no sandbox 'castle'")
    with Judge(catalog, sandbox="castle") as judge, told:
        _ = judge.level
