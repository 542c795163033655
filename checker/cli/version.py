"""`checker version`."""

import platform

import typer

import checker
from checker.cli.options import JsonOption, PlainOption
from checker.cli.output import print_json, write

app = typer.Typer(add_completion=False)


@app.command()
def version(json: JsonOption = False, plain: PlainOption = False) -> None:  # noqa: ARG001 - always plain
    """Print the version of the workbook, of Python and of FastAPI."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        fastapi = installed("fastapi")
    except PackageNotFoundError:
        fastapi = "missing"
    python = platform.python_version()
    if json:
        print_json({"checker": checker.__version__, "python": python, "fastapi": fastapi})
    else:
        write(f"checker {checker.__version__} (Python {python}, FastAPI {fastapi})\n")
