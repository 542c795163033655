"""`checker path`."""

from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.catalog import LearningPath
    from checker.desk import Desk

app = typer.Typer(add_completion=False)


@app.command()
def path(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The path to follow; `none` for no path.")
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List the learning paths, or choose one.

    What comes next then follows the path; topics outside of it come at its end.
    """
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.desk import Desk

    desk = Desk.locate()
    if name is not None:
        desk.choose_path(None if name == "none" else name)
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json(_data(desk))
    elif name is not None:
        write("\n".join(_chosen(desk)) + "\n")
    else:
        write("\n".join(_lines(desk, Ink(form))) + "\n")


def _chosen(desk: "Desk") -> list[str]:
    chosen, topic = desk.path, desk.next_open()
    said = f"You follow {chosen.title}." if chosen else "You follow the outline."
    return [said, f"Next: {topic.id} {topic.title}" if topic else "Nothing is open on it."]


def _lines(desk: "Desk", ink: Ink) -> list[str]:
    lines = []
    for one in desk.catalog.paths:
        note = " (chosen)" if one == desk.path else ""
        lines.append(f"{ink('bold', one.id)}: {one.title}{note}")
        lines += [f"  {step.name}: {', '.join(step.sections)}" for step in one.steps]
    return [*lines, "", "`checker path ID` follows one."]


def _data(desk: "Desk") -> dict[str, object]:
    return {
        "chosen": desk.path.id if desk.path else None,
        "paths": [_path(one) for one in desk.catalog.paths],
    }


def _path(one: "LearningPath") -> dict[str, object]:
    steps = [{"name": step.name, "sections": list(step.sections)} for step in one.steps]
    return {"id": one.id, "title": one.title, "steps": steps}
