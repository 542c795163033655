"""`checker check`."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.options import JsonOption, OptionalTopic, PlainOption, SandboxOption

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.cli.output import Form
    from checker.desk import Desk
    from checker.judge.client import Judge

app = typer.Typer(add_completion=False)


@app.command()
def check(
    topic: OptionalTopic = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Use the data of an earlier run: its report has it."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            exists=True,
            file_okay=False,
            help="Judge the lab in this folder; nothing is recorded.",
        ),
    ] = None,
    sandbox: SandboxOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Judge a topic once and explain the first thing that fails.

    Without a TOPIC it is the next open one. The verdict and your files are kept: `checker history`.
    """
    from checker.catalog import Catalog
    from checker.cli.names import open_desk, topic_or_next, written_topic
    from checker.cli.output import choose_form
    from checker.judge.client import Judge

    catalog = Catalog()
    form = choose_form(json=json, plain=plain)
    judge = Judge(catalog, sandbox="bubblewrap" if sandbox else "bare")
    if folder is not None:
        lab = written_topic(catalog, topic or str(folder.absolute()))
        with judge:
            code = check_folder(judge, lab, folder, seed, form)
    else:
        found = written_topic(catalog, topic) if topic else None
        desk = open_desk(catalog)
        with judge:
            code = check_topic(judge, desk, found or topic_or_next(desk, None), seed, form)
    raise typer.Exit(code)


def check_topic(
    judge: "Judge", desk: "Desk", topic: "Topic", seed: int | None, form: "Form"
) -> int:
    """Judge the learner's lab of a topic, print the verdict, then record it; give the exit code."""
    from checker.cli.ink import Ink
    from checker.cli.output import write
    from checker.cli.verdicts import outcome_text, prepare
    from checker.report.exits import exit_code
    from checker.watch.outcome import outcome_of

    prepare(form)
    tree = desk.read(topic)
    begun = time.perf_counter()
    report = judge.check(topic, desk.folder(topic), seed)
    outcome = outcome_of(desk, topic, report, time.perf_counter() - begun)
    write(outcome_text(outcome, form, Ink(form)))
    desk.record(topic, report, tree)
    if desk.notice:
        sys.stderr.write(f"{desk.notice}\n")
    return exit_code(report)


def check_folder(
    judge: "Judge", topic: "Topic", folder: Path, seed: int | None, form: "Form"
) -> int:
    """Judge any folder as a lab of the topic and print the verdict; give the exit code."""
    from checker.cli.output import write
    from checker.cli.verdicts import verdict_text
    from checker.report.exits import exit_code

    report = judge.check(topic, folder.absolute(), seed)
    write(verdict_text(report, form))
    return exit_code(report)
