"""`checker export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.options import JsonOption

app = typer.Typer(add_completion=False)
FOLDER = "exports"

Results = Annotated[
    Path, typer.Argument(metavar="RESULTS", help="The folder that `checker grade` made.")
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", help="Weights, lateness and scale, TOML; else what grading kept."),
]


@app.command()
def export(
    results: Results,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="csv, json, junit, class, feedback, gradescope, classroom, canvas or moodle.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A file or a folder; else RESULTS/exports."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", help="Canvas, Moodle: the gradebook or worksheet that you downloaded."
        ),
    ] = None,
    grade_column: Annotated[
        str | None,
        typer.Option("--grade-column", help="Canvas, Moodle: the column that takes the grade."),
    ] = None,
    policy: PolicyOption = None,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="Canvas, Moodle: give grades although topics are not judged yet."
        ),
    ] = False,
    students: Annotated[
        str | None, typer.Option("--students", help="Only these, ids or names, with commas.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Of pages and of the column.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write the results of a class in a format.

    Nothing is judged. What could not be judged is named, and is never a zero.
    """
    from checker.cli.output import print_json, write
    from checker.grading.export.formats import export as write_results
    from checker.grading.export.formats import find
    from checker.grading.export.job import TITLE, WHY_UNTRUSTED
    from checker.grading.names import find_students
    from checker.grading.policy_file import policy_of
    from checker.grading.store import Store

    find(form)
    notices: list[str] = []
    with Store.open(results) as store:
        book = store.gradebook()
        if not book.trusted:
            notices.append(WHY_UNTRUSTED)
        names = [one.strip() for one in (students or "").split(",") if one.strip()]
        written = write_results(
            book,
            form,
            out or store.folder / FOLDER / ("" if find(form).single else form),
            policy=policy_of(store, policy),
            title=title or TITLE,
            template=template,
            column=grade_column,
            partial=partial,
            students=find_students(book, names),
            say=notices.append,
        )
    if json:
        print_json({"files": [str(path) for path in written], "notices": notices})
    else:
        sys.stderr.write("".join(f"{notice}\n" for notice in notices))
        write(_files(written))


def _files(written: list[Path]) -> str:
    if len(written) == 1:
        return f"{written[0]}\n"
    folders = sorted({str(path.parent) for path in written})
    where = folders[0] if len(folders) == 1 else str(Path(folders[0]).parent)
    return f"{len(written)} files in {where}\n"
