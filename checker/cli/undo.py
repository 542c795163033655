"""`checker undo`."""

import typer

from checker.cli.options import JsonOption, PlainOption, TopicArgument

app = typer.Typer(add_completion=False)


@app.command()
def undo(topic: TopicArgument, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Take the last reset, restore or solution of a topic back.

    Done twice, it is as if it had never been done.
    """
    from checker.cli.changed import tell_change
    from checker.cli.names import open_desk, written_topic

    desk = open_desk()
    found = written_topic(desk.catalog, topic)
    replaced = desk.workspace.undo(found)
    done = f"{found.id} {found.title} is as it was before."
    tell_change(found, done, replaced, json=json, plain=plain)
