"""`checker doctor`."""

from typing import TYPE_CHECKING

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.doctor import Finding

app = typer.Typer(add_completion=False)
STYLES = {"ok": "good", "warning": "warn", "problem": "bad"}


@app.command()
def doctor(json: JsonOption = False, plain: PlainOption = False) -> None:
    """Say what is wrong on this machine and what mends it.

    Exit code 4 when something keeps the checker from working.
    """
    from checker.catalog import Catalog
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.doctor import State, diagnose_machine
    from checker.errors import ExitCode
    from checker.workspace import Workspace

    form = choose_form(json=json, plain=plain)
    ink = Ink(form)
    catalog = Catalog()

    def tell(finding: "Finding") -> None:
        if form is not Form.JSON:
            write("\n".join(_lines(finding, ink)) + "\n")

    findings = diagnose_machine(catalog, Workspace.locate(catalog=catalog), tell)
    sick = any(finding.state is State.PROBLEM for finding in findings)
    if form is Form.JSON:
        print_json({"ok": not sick, "findings": [_data(finding) for finding in findings]})
    elif not sick:
        write("The checker can work here.\n")
    raise typer.Exit(ExitCode.FAULT if sick else ExitCode.PASSED)


def _lines(finding: "Finding", ink: Ink) -> list[str]:
    state = ink(STYLES[finding.state], f"{finding.state.value:<8}")
    lines = [f"{state} {finding.name:<11} {finding.detail}"]
    return [*lines, f"{'':<21}{finding.remedy}"] if finding.remedy else lines


def _data(finding: "Finding") -> dict[str, str]:
    return {
        "name": finding.name,
        "state": finding.state.value,
        "detail": finding.detail,
        "remedy": finding.remedy,
    }
