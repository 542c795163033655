"""`checker check`."""

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
        typer.Option("--folder", help="Judge the lab in this folder; nothing is recorded."),
    ] = None,
    sandbox: SandboxOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Judge a topic once and explain the first thing that fails.

    Without a TOPIC it is the next open one. The verdict and your files are kept: `checker history`.
    """
    from checker.catalog import Catalog
    from checker.judge.client import Judge

    catalog = Catalog()
    with Judge(catalog, sandbox="bubblewrap" if sandbox else "bare") as judge:
        from checker.cli.names import open_desk, topic_or_next, written_topic
        from checker.cli.output import choose_form

        form = choose_form(json=json, plain=plain)
        if folder is None:
            desk = open_desk(catalog)
            code = check_topic(judge, desk, topic_or_next(desk, topic), seed, form)
        else:
            code = check_folder(
                judge, written_topic(catalog, topic or str(folder.absolute())), folder, seed, form
            )
    raise typer.Exit(code)


def check_topic(
    judge: "Judge", desk: "Desk", topic: "Topic", seed: int | None, form: "Form"
) -> int:
    """Judge the learner's lab of a topic, print the verdict, then record it; give the exit code."""
    tree = desk.read(topic)
    begun = time.perf_counter()
    report = judge.check(topic, desk.folder(topic), seed)

    from checker.cli.ink import Ink
    from checker.cli.output import write
    from checker.cli.verdicts import EXIT_CODES, outcome_text
    from checker.watch.outcome import outcome_of

    outcome = outcome_of(desk, topic, report, time.perf_counter() - begun)
    write(outcome_text(outcome, form, Ink(form)))
    desk.record(topic, report, tree)
    return EXIT_CODES[report.verdict]


def check_folder(
    judge: "Judge", topic: "Topic", folder: Path, seed: int | None, form: "Form"
) -> int:
    """Judge any folder as a lab of the topic and print the verdict; give the exit code."""
    from checker.cli.output import write
    from checker.cli.verdicts import EXIT_CODES, verdict_text
    from checker.errors import UsageError

    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "Name the folder that holds the lab.")
    report = judge.check(topic, folder.absolute(), seed)
    write(verdict_text(report, form))
    return EXIT_CODES[report.verdict]
