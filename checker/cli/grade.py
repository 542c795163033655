"""`checker grade`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.options import JsonOption, PlainOption
from checker.processors import usable

app = typer.Typer(add_completion=False)


@app.command()
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(help="A folder of submissions, or the archive that a platform gave you."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The folder for the results; used again if it is.")
    ],
    roster: Annotated[
        Path | None, typer.Option("--roster", help="A CSV of the class: id, name, email, ...")
    ] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option("--topics", help="Topics or sections that count: 5.1,5.7.2; at first, all."),
    ] = None,
    students: Annotated[
        list[str] | None, typer.Option("--students", help="Judge only these, by id or name.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", help="Judge only what was handed in since then.")
    ] = None,
    repeat: Annotated[
        int, typer.Option("--repeat", min=1, max=100, help="Judge each answer so often.")
    ] = 1,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Submissions at once; cores.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Of the data; drawn once for a folder of results.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="A TOML file of weights and the late policy.")
    ] = None,
    executor: Annotated[
        str | None,
        typer.Option("--executor", help="dask://HOST:PORT, or module:function; else this machine."),
    ] = None,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox/--no-sandbox",
            help="Without one the results say UNTRUSTED, and submissions can do what you can.",
        ),
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read everything, say what would be done, stop.")
    ] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Judge the submissions of a class, each in a sandbox, and keep the results.

    Run it again after new submissions, an interruption or an update: it does only what is missing.
    `checker export` makes tables and pages of the results.

    Exit codes: 0 everything has a verdict, 2 usage, 4 some could not be judged.
    """
    from checker.catalog import Catalog
    from checker.cli.grading import run_grade
    from checker.cli.output import choose_form
    from checker.grading.session import GradeOrder

    raise typer.Exit(
        run_grade(
            GradeOrder(
                submissions=submissions,
                out=out,
                roster=roster,
                topics=tuple(name for part in topics or () for name in part.split(",")),
                students=tuple(students or ()),
                since=since,
                repeats=repeat,
                jobs=jobs or len(usable()),
                seed=seed,
                policy=policy,
                executor=executor,
                sandbox="bubblewrap" if sandbox else "bare",
                dry_run=dry_run,
            ),
            Catalog(),
            choose_form(json=json, plain=plain),
        )
    )
