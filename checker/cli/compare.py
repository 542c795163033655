"""`checker compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.grading.compare import Comparison, StudentChange
    from checker.grading.policy import Grade

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The results before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The results now.")],
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="For both sides; else what each grading kept."),
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Say who changes between two gradings, by how much and why.

    Ends with 0 when nobody does and with 1 when somebody does.
    """
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.errors import ExitCode
    from checker.grading.compare import Side
    from checker.grading.compare import compare as compare_sides
    from checker.grading.policy_file import policy_of
    from checker.grading.store import Store

    with Store.open(old) as before, Store.open(new) as after:
        sides = [Side(store.gradebook(), policy_of(store, policy)) for store in (before, after)]
        found = compare_sides(*sides)
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json(_data(found))
    else:
        write("\n".join(_lines(found, Ink(form))) + "\n")
    raise typer.Exit(ExitCode.FAILED if found.changes else ExitCode.PASSED)


def _data(found: "Comparison") -> dict[str, object]:
    from pydantic import TypeAdapter

    from checker.grading.compare import Comparison

    document: dict[str, object] = TypeAdapter(Comparison).dump_python(found, mode="json")
    return document


def _lines(found: "Comparison", ink: Ink) -> list[str]:
    from checker.render.layout import count

    lines = []
    for change in found.changes:
        lines += [*_student(change, ink), ""]
    fates = [change.fate.value for change in found.changes]
    sums = [f"{fates.count(fate)} {fate}" for fate in ("changed", "new", "left")]
    return [*lines, f"{count(found.same, 'student')} the same, {', '.join(sums)}."]


def _student(change: "StudentChange", ink: Ink) -> list[str]:
    from checker.grading.compare import Fate
    from checker.harmless import line

    name = ink("bold", f"{line(change.name)} ({line(change.student)})")
    if change.fate is not Fate.CHANGED:
        return [f"{name}: {change.fate.value}, {_grade(change.after or change.before)}"]
    step = f"{change.difference:+f}" if change.difference else "no change of the grade"
    style = "good" if change.difference > 0 else "bad" if change.difference < 0 else "dim"
    head = f"{name}: {_grade(change.before)}, now {_grade(change.after)} ({ink(style, step)})"
    lines = [head, *(f"  because {why}" for why in change.why)]
    for topic in change.topics:
        then, now = topic.before or "not there", topic.after or "not there"
        lines.append(f"  {topic.topic}: {then}, now {now}: {line('; '.join(topic.why))}")
    return lines


def _grade(grade: "Grade | None") -> str:
    return "" if grade is None else f"{grade.final:f} of {grade.out_of:f}"
