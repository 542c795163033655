"""Cells hold what runs in them, and a new one knows nothing of the last."""

import contextlib
import os
from pathlib import Path

import pytest

from checker.errors import EnvironmentFaultError
from checker.judge.control import ConnectionEnded
from checker.sandbox import HostLimits
from checker.sandbox.cells import Cells, make_plan
from checker.sandbox.cgroups import find_home
from tests.sandbox.conftest import SMALL, run_python, with_cells
from tests.services.conftest import wait_for

FORKS = """
import os, time
made = 0
try:
    for _ in range(60):
        if os.fork() == 0:
            time.sleep(20)
        made += 1
except OSError as error:
    print(made, error.strerror)
"""
EATS = "kept = []\nfor n in range(60): kept.append(bytearray(10 << 20)); print(n)\n"
WRITES = """
try:
    for n in range(20): open(f"/tmp/{n}", "wb").write(b"x" * (1 << 20))
except OSError as error:
    import os; os.remove("/tmp/0"); print(error.strerror)
"""
MANY = """
try:
    for n in range(2000): open(f"/dev/shm/{n}", "w")
except OSError as error:
    print(error.strerror)
"""
LARGE = """
try: open("large", "wb").write(b"x" * (3 << 20))
except OSError as error: print(error.strerror)
"""
RIGHTS = """
import os
print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("Cap", "NoNew"))])
print(os.getuid(), sorted(os.listdir("/")), sorted(os.environ))
"""


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_limits_hold_and_are_told(base: Path, many: bool) -> None:
    def work(cells: Cells) -> None:
        cell = cells.cell
        assert "Resource temporarily unavailable" in run_python(cell, FORKS)["output"]
        assert run_python(cell, EATS)["code"] != 0
        if cells.plan.home is not None:
            said = cell.overruns()
            assert said == [
                "it used more than 200 MB of memory",
                "it had more than 40 processes and threads",
            ]
        assert not cell.overruns()
        assert "File too large" in run_python(cell, LARGE)["output"]

    with_cells(base, work, many=many)


@pytest.mark.parametrize("code", [WRITES, MANY], ids=["bytes", "files"])
def test_a_full_disk_is_told(base: Path, code: str) -> None:
    def work(cells: Cells) -> None:
        if not cells.plan.mounts:
            return
        assert "No space left on device" in run_python(cells.cell, code)["output"]
        if code is MANY:
            assert cells.cell.overruns() == ["it made more than 500 files"]

    with_cells(base, work)


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_code_has_no_rights(base: Path, many: bool) -> None:
    def work(cells: Cells) -> None:
        rights, seen = run_python(cells.cell, RIGHTS)["output"].splitlines()
        assert rights == str(["0" * 16] * 5 + ["1"])
        assert seen.startswith("1000 ")
        assert "checker" not in seen.lower()

    with_cells(base, work, many=many)


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_a_renewed_cell_is_empty(base: Path, many: bool) -> None:
    """Neither processes nor files, mounts and groups of the last one are there."""

    def work(cells: Cells) -> None:
        first = cells.cell
        run_python(first, "import os; open('/tmp/left', 'w'); open('/dev/shm/left', 'w')")
        cells.renew()
        assert not first.host.alive
        assert not first.folder.exists()
        assert first.group is None or not first.group.pids
        code = "import os; print(os.listdir('/tmp') + os.listdir('/dev/shm'))"
        assert "left" not in run_python(cells.cell, code)["output"]
        assert cells.cell.host.alive

    with_cells(base, work, many=many)
    assert not list(base.glob("[0-9]*"))


def test_the_next_cell_waits_where_cells_are_renewed(base: Path) -> None:
    def work(cells: Cells) -> None:
        cells.look_ahead()
        assert len(list(base.glob("[0-9]*"))) == 1
        cells.renew()
        cells.look_ahead()
        following = cells._next
        assert following is not None
        assert following.host.address
        cells.look_ahead()
        assert cells._next is following
        with contextlib.suppress(ConnectionEnded):  # it ends with the host
            run_python(cells.cell, "open('/tmp/left', 'w'); import os; os.kill(-1, 9)")
        cells.renew()
        assert cells.cell is following
        assert "left" not in run_python(following, "import os; print(os.listdir('/tmp'))")["output"]
        cells.look_ahead()

    with_cells(base, work, many=True)
    assert not list(base.glob("[0-9]*"))


def test_a_next_cell_that_does_not_come_up_is_forgotten(base: Path) -> None:
    def work(cells: Cells) -> None:
        cells.renew()
        cells.wait_ready()
        assert cells._nursery is not None
        cells._nursery._process.kill()
        cells._nursery._process.wait()
        cells.look_ahead()
        assert cells._next is None
        cells.renew()
        cells.wait_ready()
        assert run_python(cells.cell, "print(1)")["output"] == "1\n"

    with_cells(base, work, many=True)


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_a_killed_host_is_noticed(base: Path, many: bool) -> None:
    def work(cells: Cells) -> None:
        cells.cell.host.wait_ready()
        with contextlib.suppress(ConnectionEnded):  # it ends with the host
            run_python(cells.cell, "import os; os.kill(-1, 9)")
        assert wait_for(lambda: not cells.cell.host.alive, 3)

    with_cells(base, work, many=many)


def test_without_groups_each_process_is_limited(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.sandbox.cells.find_home", lambda: None)

    def work(cells: Cells) -> None:
        assert "rlimit" in cells.plan.level.text
        assert "Resource temporarily unavailable" in run_python(cells.cell, FORKS)["output"]
        assert "MemoryError" in run_python(cells.cell, EATS)["output"]

    with_cells(base, work)


def test_without_mounts_the_folder_is_watched(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root an interpreter in root's home is out of reach then, and this is said."""
    monkeypatch.setattr("checker.sandbox.cells.own_mounts", lambda: False)
    monkeypatch.setattr("checker.sandbox.cells.user_for_labs", lambda: None)

    def work(cells: Cells) -> None:
        assert cells.plan.level.disk == "watched"
        with contextlib.suppress(ConnectionEnded):  # it ends with the host
            run_python(cells.cell, f"{WRITES}\nimport time; time.sleep(5)")
        assert wait_for(lambda: not cells.cell.host.alive, 3)
        assert not cells.cell.host.alive
        assert cells.cell.overruns() == ["it filled its disk of 8 MB"]

    with_cells(base, work)


def test_without_a_nursery_hosts_are_started(base: Path) -> None:
    """One that was killed is not missed."""

    def work(cells: Cells) -> None:
        cells.wait_ready()
        nursery = cells._nursery
        assert nursery is not None
        nursery._process.kill()
        nursery._process.wait()
        cells.renew()
        cells.wait_ready()
        assert cells._nursery is None
        assert run_python(cells.cell, "print(1)")["output"] == "1\n"

    with_cells(base, work, many=True)


def test_a_sandbox_that_cannot_be_entered_is_told(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host's last words are in the message, and the next host is started."""

    def work(cells: Cells) -> None:
        monkeypatch.setattr(cells.cell.host, "_order", {"groups": [], "user": None})
        with pytest.raises(EnvironmentFaultError, match="did not start: "):
            cells.cell.host.wait_ready()
        cells.renew()
        cells.wait_ready()

    with_cells(base, work, many=True)


def test_levels_say_what_stands() -> None:
    plan = make_plan(Path("/tmp"), "bare", HostLimits())
    assert plan.level.text == "no sandbox"
    assert not plan.level.trusted
    with pytest.raises(EnvironmentFaultError, match="no sandbox 'castle'"):
        make_plan(Path("/tmp"), "castle", SMALL)


def test_a_missing_bubblewrap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EnvironmentFaultError, match="bubblewrap is not installed"):
        make_plan(Path("/tmp"), "bubblewrap", SMALL)


def test_groups_of_the_dead_are_removed(tmp_path: Path) -> None:
    """A later run removes them; those of the living stay, and what is no group of ours."""
    from checker.sandbox.cgroups import Home, remove_stale

    for name in ("checker-999999999-1", f"checker-{os.getpid()}-1", "checker-notes", "other"):
        (tmp_path / name).mkdir()
    remove_stale(Home("cgroup v1", {"memory": tmp_path, "pids": tmp_path}))
    assert not (tmp_path / "checker-999999999-1").exists()
    assert len(list(tmp_path.iterdir())) == 3


V1 = "1:cpu:/\n4:memory:/a\n8:pids:/\n0::/\n"
V2 = "0::/user/me\n"


@pytest.mark.parametrize(
    "own, folders, controllers, found",
    [
        (V1, ["memory/a", "pids"], "", ("cgroup v1", ["memory", "pids"])),
        (V1, ["memory/a", "pids", "cpu"], "", ("cgroup v1", ["memory", "pids", "cpu"])),
        (V1, ["memory/a", "cpu"], "", None),
        (V2, ["user/me"], "memory pids", ("cgroup v2", ["memory", "pids"])),
        (V2, ["user/me"], "cpu io memory pids", ("cgroup v2", ["memory", "pids", "cpu"])),
        (V2, ["user/me"], "", None),
        ("1:name=systemd:/\n0::/none\n", [], "", None),
        ("", [], "", None),
    ],
)
def test_the_home_of_groups_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own: str,
    folders: list[str],
    controllers: str,
    found: tuple[str, list[str]] | None,
) -> None:
    for folder in folders:
        (tmp_path / "root" / folder).mkdir(parents=True)
        (tmp_path / "root" / folder / "cgroup.subtree_control").write_text(controllers)
    monkeypatch.setattr(Path, "write_text", _refuse)  # a kernel enables nothing we do not have
    (tmp_path / "own").write_bytes(own.encode())
    home = find_home(tmp_path / "root", tmp_path / "own")
    assert (home and (home.version, list(home.folders))) == found
    assert home is None or home.shares_time == ("cpu" in home.folders)


def _refuse(*_: object) -> None:
    raise PermissionError


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_a_cell_has_one_share_of_the_time(base: Path, many: bool) -> None:
    def work(cells: Cells) -> None:
        if cells.plan.home is None or not cells.plan.home.shares_time:
            assert "processor time by nice" in cells.plan.level.text
            return
        assert f"processor time by {cells.plan.home.version}" in cells.plan.level.text
        cells.cell.host.wait_ready()
        assert cells.cell.group is not None
        members = [(path / "cgroup.procs").read_text().split() for path in cells.cell.group.paths]
        assert len(members[0]) >= 2
        assert all(sorted(one) == sorted(members[0]) for one in members)

    with_cells(base, work, many=many)


REACHES = """
import socket
for family, place in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try: socket.socket(family, kind).connect((place, 80))
        except OSError as error: print(error.strerror)
"""
STAYS = """
import socket, threading
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
try: socket.create_connection(("localhost", 1))
except OSError as error: print(error.strerror)
"""


@pytest.mark.parametrize("many", [False, True], ids=["started", "forked"])
def test_attempts_to_leave_are_counted(base: Path, many: bool) -> None:
    def work(cells: Cells) -> None:
        assert run_python(cells.cell, STAYS)["output"] == "Connection refused\n"
        assert cells.cell.attempts() == 0
        said = run_python(cells.cell, REACHES)["output"].splitlines()
        assert said == ["Network is unreachable"] * 4
        assert cells.cell.attempts() >= 2
        assert cells.cell.attempts() == 0
        cells.renew()
        cells.cell.host.wait_ready()
        assert cells.cell.attempts() == 0

    with_cells(base, work, many=many)


def test_counts_that_are_not_there_are_none(tmp_path: Path) -> None:
    from checker.sandbox.network import refused_ways

    assert refused_ways(1, tmp_path) == 0
    (tmp_path / "1" / "net").mkdir(parents=True)
    (tmp_path / "1" / "net" / "snmp").write_text("Ip: Forwarding OutNoRoutes\nIp: 1 3\nTcp: 1\n")
    (tmp_path / "1" / "net" / "snmp6").write_text("Ip6InReceives 9\nIp6OutNoRoutes 4\n")
    assert refused_ways(1, tmp_path) == 7
    (tmp_path / "1" / "net" / "snmp").write_text("Ip: nonsense\n")
    assert refused_ways(1, tmp_path) == 4
