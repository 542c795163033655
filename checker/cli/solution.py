"""`checker solution`."""

from typing import Annotated

import typer

from checker.cli.options import JsonOption, PlainOption, TopicArgument

app = typer.Typer(add_completion=False)


@app.command()
def solution(
    topic: TopicArgument,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Show it before a pass; the history records that.")
    ] = False,
    take: Annotated[
        bool, typer.Option("--take", help="Replace your files by it; `checker undo` takes it back.")
    ] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Show the reference solution of a topic that you have passed.

    It is one good answer, not the only one: `checker diff TOPIC --solution` compares it with yours.
    """
    from checker.cli.changed import tell_change
    from checker.cli.names import open_desk, written_topic
    from checker.cli.output import Form, choose_form, print_json, write

    desk = open_desk()
    found = written_topic(desk.catalog, topic)
    tree = desk.solution(found, give_up=give_up)
    if take:
        replaced = desk.workspace.take_solution(found)
        done = f"{found.id} {found.title} holds the solution now."
        tell_change(found, done, replaced, json=json, plain=plain)
        return
    files = {name: content.decode("utf-8", errors="replace") for name, content in tree.items()}
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json({"topic": found.id, "files": files})
    elif form is Form.PLAIN:
        write("\n".join(f"File {name}\n\n{text}" for name, text in files.items()))
    else:
        from checker.cli.markdown import draw_files

        draw_files(files)
