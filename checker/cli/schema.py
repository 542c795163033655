"""`checker schema`."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    results: Annotated[
        bool, typer.Option("--results", help="Of a class: `checker export --format json`.")
    ] = False,
) -> None:
    """Print the JSON schema of a report.

    A report is what `checker check --json` gives, and each line of `checker watch --json`.
    """
    from checker.cli.output import print_json

    if results:
        from checker.grading.export.json import results_schema

        print_json(results_schema())
        return
    from checker.report.schema import report_schema

    print_json(report_schema())
