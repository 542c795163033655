"""`checker history`."""

from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.options import JsonOption, OptionalTopic, PlainOption

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.desk import Desk, Entry

app = typer.Typer(add_completion=False)


@app.command()
def history(
    topic: OptionalTopic = None,
    show: Annotated[int | None, typer.Option("--show", help="Print this entry's verdict.")] = None,
    restore: Annotated[
        int | None, typer.Option("--restore", help="Bring this entry's files back.")
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List what happened to a topic, oldest first.

    That is every check, hint, reset and solution. Each check kept your files as they were;
    --restore brings them back, and `checker undo` undoes that.
    """
    from checker.cli.names import open_desk, topic_or_next
    from checker.errors import UsageError

    if show is not None and restore is not None:
        raise UsageError("--show and --restore exclude each other.", "Give one of them.")
    desk = open_desk()
    found = topic_or_next(desk, topic)
    if show is not None:
        _show(desk, found, show, json=json, plain=plain)
    elif restore is not None:
        _restore(desk, found, restore, json=json, plain=plain)
    else:
        _list(desk, found, json=json, plain=plain)


def _show(desk: "Desk", topic: "Topic", number: int, *, json: bool, plain: bool) -> None:
    from checker.cli.output import choose_form, write
    from checker.cli.verdicts import verdict_text
    from checker.errors import UsageError
    from checker.progress import Attempt

    what = desk.entry(topic, number).what
    if not isinstance(what, Attempt):
        raise UsageError(
            f"Number {number} of {topic.id} is not a check.",
            f"`checker history {topic.id}` lists what it is.",
        )
    report = desk.workspace.progress.report(what)
    write(verdict_text(report, choose_form(json=json, plain=plain)))


def _restore(desk: "Desk", topic: "Topic", number: int, *, json: bool, plain: bool) -> None:
    from checker.cli.changed import tell_change

    replaced = desk.workspace.restore(topic, desk.snapshot_name(topic, number))
    tell_change(topic, f"The files of number {number} are back.", replaced, json=json, plain=plain)


def _list(desk: "Desk", topic: "Topic", *, json: bool, plain: bool) -> None:
    from checker.cli.output import Form, choose_form, print_json, write

    entries = desk.entries(topic)
    if choose_form(json=json, plain=plain) is Form.JSON:
        print_json({"topic": topic.id, "entries": [_data(entry) for entry in entries]})
        return
    lines = [f"{topic.id} {topic.title}", *(_line(entry) for entry in entries)]
    if not entries:
        lines.append("Nothing has happened yet.")
    write("\n".join(lines) + "\n")


def _line(entry: "Entry") -> str:
    at = entry.what.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return f"{entry.number:>4}  {at}  {_what(entry)}"


def _what(entry: "Entry") -> str:
    from checker.progress import Attempt, EventKind

    what = entry.what
    if isinstance(what, Attempt):
        return f"check: {what.verdict.value}, {what.earned} of {what.points} points"
    said = {
        EventKind.CREATED: "lab handed out",
        EventKind.HINT: f"hint: {what.detail}",
        EventKind.SOLUTION_VIEWED: "solution shown" + (f" ({what.detail})" if what.detail else ""),
        EventKind.SOLUTION_TAKEN: "solution taken",
        EventKind.RESET: "reset",
        EventKind.UNDO: "undo",
        EventKind.RESTORE: "restore",
    }
    return said[what.kind]


def _data(entry: "Entry") -> dict[str, object]:
    from checker.progress import Attempt

    what = entry.what
    data: dict[str, object] = {"number": entry.number, "at": what.at.isoformat()}
    if isinstance(what, Attempt):
        data |= {"kind": "check", "verdict": what.verdict.value, "seed": what.seed}
        data |= {"earned": what.earned, "points": what.points, "seconds": what.seconds}
    else:
        data |= {"kind": what.kind.value, "task": what.task, "detail": what.detail}
    return data | {"snapshot": what.snapshot}
