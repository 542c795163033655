"""Examine everything once, in the order in which things depend on each other."""

from collections.abc import Callable
from functools import partial

from checker.catalog import Catalog
from checker.doctor import house, machine
from checker.doctor.finding import Finding, problem
from checker.doctor.services import examine_service
from checker.errors import CheckerError
from checker.services.registry import SERVICES
from checker.workspace import Workspace

Examination = Callable[[], Finding]


def diagnose_machine(
    catalog: Catalog,
    workspace: Workspace,
    tell: Callable[[Finding], None] = lambda _: None,
) -> list[Finding]:
    """Examine machine, packages and workspace; takes a few seconds.

    Args:
        catalog: the curriculum.
        workspace: the learner's folder, whether it exists or not.
        tell: called with each finding as soon as it is there.
    """
    findings = []
    for name, examine in _examinations(catalog, workspace).items():
        finding = _examine(name, examine)
        tell(finding)
        findings.append(finding)
    return findings


def _examinations(catalog: Catalog, workspace: Workspace) -> dict[str, Examination]:
    disk = workspace.root if workspace.exists else None
    return {
        "python": machine.examine_python,
        "packages": machine.examine_packages,
        "curriculum": lambda: house.examine_curriculum(catalog),
        "workspace": lambda: house.examine_workspace(workspace),
        "progress": lambda: house.examine_progress(workspace),
        "watcher": lambda: house.examine_watcher(workspace),
        "loopback": machine.examine_loopback,
        "port": machine.examine_run_port,
        "sockets": machine.examine_unix_sockets,
        "fork": machine.examine_fork,
        "host": house.examine_host,
        "sandbox": house.examine_sandbox,
        "proxy": house.examine_proxy,
        **{name: partial(examine_service, spec) for name, spec in SERVICES.items()},
        "disk": lambda: machine.examine_disk(disk),
        "git": machine.examine_git,
    }


def _examine(name: str, examine: Examination) -> Finding:
    """Keep one broken examination from hiding the others."""
    try:
        return examine()
    except CheckerError as error:
        return problem(name, error.message, error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the doctor was asked for
        said = f"{type(error).__name__}: {error}"
        return problem(name, f"Could not be examined: {said}", "Report this with the line above.")
