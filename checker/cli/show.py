"""`checker show`."""

from typing import Annotated

import typer

from checker.cli.options import JsonOption, PlainOption, TopicArgument

app = typer.Typer(add_completion=False)

TaskArgument = Annotated[
    str | None, typer.Argument(metavar="[TASK]", help="A task's id: only its statement is shown.")
]


@app.command()
def show(
    topic: TopicArgument,
    task: TaskArgument = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Read a lesson, or the statement of one of its tasks.

    The lesson is paged in a terminal (q leaves the pager).
    """
    from checker.catalog import Catalog
    from checker.cli.names import written_topic
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.reading import with_outputs

    catalog = Catalog()
    found = written_topic(catalog, topic)
    lesson = catalog.lesson(found)
    text = (
        catalog.statement(found, task)
        if task
        else with_outputs(lesson.body, catalog.rooms(found).notebook)
    )
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        tasks = [
            {"id": one.id, "title": one.title, "statement": catalog.statement(found, one.id)}
            for one in lesson.tasks
            if task in (None, one.id)
        ]
        print_json({"topic": found.id, "title": found.title, "text": text, "tasks": tasks})
    elif form is Form.PLAIN:
        from checker.cli.markdown import plain_text

        write(plain_text(text))
    else:
        from checker.cli.markdown import page

        page(text, whole=task is None)
