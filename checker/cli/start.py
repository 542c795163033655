"""`checker start`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.options import JsonOption, PlainOption
from checker.errors import UsageError

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.cli.output import Form
    from checker.desk import Desk

app = typer.Typer(add_completion=False)


@app.command()
def start(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="Where to make it; `workspace` without it."),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            "--then-watch",
            help="Go on to the next open topic: watch it, or check it once without a terminal.",
        ),
    ] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Make your workspace: a copy of every lab, for you to edit.

    Run again, it adds the topics written since; files that are there are never touched.
    """
    from checker.cli.home import home_lines
    from checker.cli.ink import Ink
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.desk import Desk
    from checker.workspace import Workspace

    if folder is not None:
        _refuse_topic(folder)
    desk = Desk(Workspace(folder.expanduser().absolute())) if folder else Desk.locate()
    added = desk.workspace.create()
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json({"workspace": str(desk.root), "added": [topic.id for topic in added]})
    else:
        lines = [_told(desk, added), *([] if watch else ["", *home_lines(desk, Ink(form))])]
        write("\n".join(lines) + "\n")
    if watch:
        _go_on(desk, form)


def _refuse_topic(folder: Path) -> None:
    """Raise an error for a topic's number: nobody calls a folder so, and beginners try it."""
    if re.fullmatch(r"\d+\.\d+(\.\d+)?", str(folder)) and not folder.exists():
        raise UsageError(
            f"`checker start` makes a workspace, and {folder} is no name for its folder.",
            f"To work on a topic, run `checker watch {folder}`.",
        )


def _told(desk: "Desk", added: "tuple[Topic, ...]") -> str:
    """Say what was made."""
    if not added:
        return f"Your workspace is at {desk.root}."
    topics = f"{len(added)} topic" + ("s" if len(added) > 1 else "")
    return f"Your workspace is at {desk.root}: {topics} to edit."


def _go_on(desk: "Desk", form: "Form") -> None:
    """Watch the next open topic in a terminal; without one check it once: the job was to start."""
    from checker.cli.output import Form, interactive, write

    topic = desk.next_open()
    if topic is None:
        write("Every topic that is written so far is passed.\n")
        return
    if interactive():
        from checker.cli.watch import watch_topic

        watch_topic(desk, topic, form)
        return
    from checker.cli.check import check_topic
    from checker.judge.client import Judge

    with Judge(desk.catalog) as judge:
        check_topic(judge, desk, topic, None, form)
    if form is not Form.JSON:
        from checker.cli.home import activation, shown

        spot = shown(desk.spot(topic, desk.workspace.progress.last_report(topic.id)))
        lines = ["", f"Edit {spot}; `checker watch` judges each save.", *activation()]
        write("\n".join(lines) + "\n")
