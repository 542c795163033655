"""`checker hint`."""

from typing import TYPE_CHECKING

import typer

from checker.cli.options import JsonOption, OptionalTopic, PlainOption

if TYPE_CHECKING:
    from checker.hints import GivenHint

app = typer.Typer(add_completion=False)


@app.command()
def hint(topic: OptionalTopic = None, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Give the next hint on what failed in the last check.

    Hints go from gentle to concrete, and none is given twice until all were seen.
    """
    from checker.cli.names import open_desk, topic_or_next
    from checker.cli.output import Form, choose_form, print_json, wrapped, write

    desk = open_desk()
    found = topic_or_next(desk, topic)
    given = desk.hint(found)
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json({"topic": found.id, "hint": _data(given)})
    else:
        lines = hint_lines(found.id, given)
        write("\n".join(wrapped(lines) if form is Form.TERMINAL else lines) + "\n")


def hint_lines(topic: str, given: "GivenHint | None") -> list[str]:
    """Say a hint, or where else to look."""
    if given is None:
        return [f"No hint fits what failed. The card says what was seen; `checker show {topic}`."]
    about = given.task.title if given.task else "The lab does not load"
    lines = [f"Hint {given.number} of {given.total} ({about}):", f"  {given.text}"]
    if given.number == given.total:
        lines.append(f"That was the last hint. `checker show {topic}` has the lesson.")
    return lines


def _data(given: "GivenHint | None") -> dict[str, object] | None:
    if given is None:
        return None
    return {
        "text": given.text,
        "number": given.number,
        "total": given.total,
        "task": given.task.id if given.task else None,
        "again": given.again,
    }
