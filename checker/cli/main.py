"""The entry point of the `checker` command."""

import typer

from checker.cli.group import CheckerGroup, markup
from checker.cli.options import DebugOption, JsonOption, PlainOption

HELP = """Learn FastAPI for serving LLM applications, one topic at a time.

Make your workspace with `checker start`, edit a lab in your own editor, and let
`checker watch` judge each save. A TOPIC is named 5.1.2, 1.2 or by its slug (path_operations).

Exit codes: 0 all passed, 1 some check failed, 2 usage, 3 the lab cannot load, 4 our fault or
the environment's.
"""


app = typer.Typer(
    cls=CheckerGroup,
    help=HELP,
    invoke_without_command=True,
    rich_markup_mode=markup(),
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    context: typer.Context,
    json: JsonOption = False,
    plain: PlainOption = False,
    debug: DebugOption = False,  # noqa: ARG001 - `CheckerGroup.main` takes it from anywhere in the line
) -> None:
    """Say where you are and what to do next, unless a command follows."""
    if context.invoked_subcommand is None:
        from checker.cli.home import show_home

        show_home(json=json, plain=plain)


root.__doc__ = HELP


def main() -> None:
    """Run the command line of this process and exit with its code."""
    app(prog_name="checker")
