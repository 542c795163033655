"""`checker explain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.cli.output import Form
    from checker.grading.explain import Explanation, Replay
    from checker.grading.gradebook import Gradebook
    from checker.grading.model import Receipt, TopicLine
    from checker.report import Card

app = typer.Typer(add_completion=False)


@app.command()
def explain(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="The folder that `checker grade` made.")
    ],
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="An id, a name, or how only one begins.")
    ],
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="5.1.2, 1.2 or path_operations.")],
    replay: Annotated[
        bool, typer.Option("--replay", help="Judge the kept files again, with the same seed.")
    ] = False,
    no_sandbox: Annotated[
        bool,
        typer.Option(
            "--no-sandbox", help="Let --replay run code bare that was judged without a sandbox."
        ),
    ] = False,
    files: Annotated[
        Path | None, typer.Option("--files", help="Write the judged files into this new folder.")
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Show what is behind a verdict: every check that did not pass, and what it hangs on.

    With --replay it ends with 0 if the verdict is the same again and with 1 if it is not.
    """
    from checker.catalog import Catalog
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.errors import ExitCode
    from checker.grading import explain as grading
    from checker.grading.names import find_student
    from checker.grading.store import Store

    form = choose_form(json=json, plain=plain)
    again = None
    with Store.open(results) as store:
        book = store.gradebook()
        row = find_student(book, student)
        found = grading.explain(book, row, _topic(book, topic), store.folder)
        if files is not None:
            grading.save_files(grading.judged_files(store, found), files)
        if replay:
            again = grading.replay(store, found, Catalog(), bare=no_sandbox)
    if form is Form.JSON:
        print_json(_data(found, again, files))
    else:
        lines = _replayed(again, form) if again else _lines(found, form, book.trusted)
        lines += [f"Files: {files}"] if files else []
        write("\n".join(lines) + "\n")
    if again is not None and not again.same:
        raise typer.Exit(ExitCode.FAILED)


def _topic(book: "Gradebook", name: str) -> "TopicLine":
    """Find a topic of the class by its own names, else by those of the catalog."""
    from checker.catalog import Catalog
    from checker.errors import UsageError
    from checker.grading.names import find_topic

    try:
        return find_topic(book, name)
    except UsageError:
        try:
            known = Catalog().find(name).id
        except UsageError:
            known = name
        return find_topic(book, known)


def _lines(found: "Explanation", form: "Form", trusted: bool) -> list[str]:
    from checker.grading.export.job import WHY_UNTRUSTED
    from checker.harmless import line

    ink = Ink(form)
    student = found.row.student
    points = "" if found.points is None else f", {found.points} of {found.topic.points} points"
    head = f"{line(student.name)} ({line(student.id)}), {found.topic.id} {found.topic.title}"
    lines = [] if trusted else [ink("warn", WHY_UNTRUSTED)]
    lines.append(f"{ink('bold', head)}: {found.state}{points}")
    lines += [found.reason] if found.reason else []
    lines += [f"{one.kind.value}: {line(one.message)}" for one in found.findings]
    lines += (
        [f"{task.verdict.value}: {task.title}" for task in found.report.tasks]
        if found.report
        else []
    )
    for title, card in found.cards:
        lines += ["", *_card(title, card, form)]
    if found.receipt is not None:
        lines += ["", *_receipt(found.receipt), f"Replay: {found.command}"]
    return lines


def _card(title: str, card: "Card", form: "Form") -> list[str]:
    from checker.cli.output import Form, width
    from checker.render.plain import plain_card

    if form is not Form.TERMINAL:
        return [*([title] if title else []), plain_card(card).rstrip("\n")]
    import io

    from rich.console import Console

    from checker.render.terminal import render_card

    canvas = io.StringIO()
    console = Console(file=canvas, force_terminal=True, width=width(), highlight=False)
    render_card(card, console, title=title)
    return [canvas.getvalue().rstrip("\n")]


def _receipt(one: "Receipt") -> list[str]:
    limits = ", ".join(f"{name} {value:g}" for name, value in one.limits.items())
    versions = ", ".join(f"{name} {text}" for name, text in one.versions.items())
    return [
        f"Code: {one.code}",
        f"Suite: {one.suite}",
        f"Seed: {one.seed}",
        f"Checker: {one.checker}" + (f"; {versions}" if versions else ""),
        f"Limits: {limits or 'none'}",
        f"Sandbox: {one.sandbox}" + ("" if one.trusted else " (UNTRUSTED)"),
    ]


def _replayed(again: "Replay", form: "Form") -> list[str]:
    from checker.cli.verdicts import verdict_text

    word = "The verdict is the same." if again.same else "The verdict is another one now."
    return [verdict_text(again.report, form).rstrip("\n"), "", *again.notes, word]


def _data(found: "Explanation", again: "Replay | None", files: Path | None) -> dict[str, Any]:
    replayed = again and {
        "same": again.same,
        "notes": list(again.notes),
        "report": again.report.model_dump(mode="json"),
    }
    return {
        "student": found.row.student.id,
        "name": found.row.student.name,
        "topic": found.topic.id,
        "state": found.state,
        "reason": found.reason,
        "points": found.points,
        "offered": found.topic.points,
        "flaky": found.cell.flaky,
        "findings": [one.data() for one in found.findings],
        "receipt": found.receipt and found.receipt.data(),
        "replay_command": found.command if found.receipt else None,
        "report": found.report and found.report.model_dump(mode="json"),
        "replay": replayed,
        "files": str(files) if files else None,
    }
