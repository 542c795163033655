"""`checker schema`."""

import typer

app = typer.Typer(add_completion=False)


@app.command()
def schema() -> None:
    """Print the JSON schema of a report.

    A report is what `checker check --json` gives, and each line of `checker watch --json`.
    """
    from checker.cli.output import print_json
    from checker.report.schema import report_schema

    print_json(report_schema())
