"""`checker diff`."""

from typing import Annotated

import typer

from checker.cli.options import JsonOption, OptionalTopic, PlainOption

app = typer.Typer(add_completion=False)


@app.command()
def diff(
    topic: OptionalTopic = None,
    solution: Annotated[
        bool, typer.Option("--solution", help="Against the solution; only after a pass.")
    ] = False,
    snapshot: Annotated[
        int | None, typer.Option("--snapshot", help="Against a snapshot: see `checker history`.")
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Show what you changed in a lab.

    A unified diff against the lab as it was handed out; lines with + are yours.
    """
    from checker.cli.names import open_desk, topic_or_next
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.errors import UsageError

    if solution and snapshot is not None:
        raise UsageError("--solution and --snapshot exclude each other.", "Give one of them.")
    desk = open_desk()
    found = topic_or_next(desk, topic)
    if solution:
        desk.require_pass(found)
    against = desk.snapshot_name(found, snapshot) if snapshot is not None else "lab"
    text = desk.workspace.diff(found, "solution" if solution else against)
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json({"topic": found.id, "diff": text})
    elif not text:
        write(f"{found.id} {found.title}: nothing differs.\n")
    elif form is Form.PLAIN:
        write(text)
    else:
        from rich.console import Console
        from rich.syntax import Syntax

        Console(highlight=False).print(Syntax(text, "diff", theme="ansi_dark", word_wrap=True))
