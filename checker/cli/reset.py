"""`checker reset`."""

import typer

from checker.cli.options import JsonOption, PlainOption, TopicArgument

app = typer.Typer(add_completion=False)


@app.command()
def reset(topic: TopicArgument, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Put a lab back as it was at the start.

    Your files are kept: `checker undo` brings them back. What you have passed stays passed.
    """
    from checker.cli.changed import tell_change
    from checker.cli.names import open_desk, written_topic

    desk = open_desk()
    found = written_topic(desk.catalog, topic)
    replaced = desk.workspace.reset(found)
    done = f"{found.id} {found.title} is as it was at the start."
    tell_change(found, done, replaced, json=json, plain=plain)
