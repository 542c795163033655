"""`checker schema`."""

import typer

app = typer.Typer(add_completion=False)


@app.command()
def schema() -> None:
    """Print the JSON schema of the report that `checker check --json` gives."""
    from checker.cli.output import print_json
    from checker.report.schema import report_schema

    print_json(report_schema())
