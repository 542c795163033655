"""`checker classroom`."""

import os
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.options import JsonOption, SandboxOption
from checker.grading.classroom.host import Host

if TYPE_CHECKING:
    from checker.catalog import Catalog, Topic

app = typer.Typer(
    name="classroom",
    help="Hand out a repository to each student, and report the points of one.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


class ReportForm(StrEnum):
    """Who reads the points."""

    TEXT = "text"
    GITHUB = "github"


TopicsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--topics",
        metavar="PLACE",
        help="A topic (5.1.2) or a section (5.1); may be repeated, or hold several with commas.",
    ),
]


@app.command("init")
def init_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder, or a clone that is empty.")
    ],
    host: Annotated[Host, typer.Option("--host", help="Whose CI judges the pushes.")] = Host.GITHUB,
    topics: TopicsOption = None,
    install: Annotated[
        str | None,
        typer.Option(
            "--install",
            metavar="SPEC",
            help="What pip installs there: name==version, name @ git+https://...@tag or a wheel; "
            "this version without it.",
        ),
    ] = None,
    reporter: Annotated[
        bool, typer.Option("--reporter", help="Add GitHub Classroom's own reporter action.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make the template repository: labs, README, devcontainer, and a workflow that judges.

    Points there are a preview: students can read the suites and change the workflow. Collect the
    repositories and run `checker grade` on them for the points that count.
    """
    from checker.catalog import Catalog
    from checker.cli.output import print_json, write
    from checker.grading.classroom.template import make_template, write_template

    catalog = Catalog()
    chosen = _topics(catalog, topics) or catalog.written
    tree = make_template(catalog, chosen, host, install, reporter=reporter)
    write_template(tree, folder)
    if json:
        print_json({"folder": str(folder), "topics": [one.id for one in chosen], "files": [*tree]})
        return
    many = f"{len(chosen)} topic" + ("s" if len(chosen) > 1 else "")
    write(
        f"{folder} is a template repository with {many}.\n"
        f"{host.workflow} judges each push. Next: commit it, push it to {host.label},"
        " and hand out copies.\n"
        "The points of a push are a preview; `checker grade` gives those that count.\n"
    )


@app.command("report")
def report_command(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="The repository; `.` without it."
        ),
    ] = Path(),
    topics: TopicsOption = None,
    form: Annotated[
        ReportForm,
        typer.Option("--format", help="github: for a step of a workflow, besides the text."),
    ] = ReportForm.TEXT,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML, too.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Of the data; random without it.")
    ] = None,
    sandbox: SandboxOption = False,
) -> None:
    """Judge a student's repository and report its points, as its CI does after each push.

    Without --topics, all topics that are there count. Exit 0 all passed, 1 some check failed,
    3 a lab cannot load, 4 our fault or the environment's.
    """
    from checker.catalog import Catalog
    from checker.cli.output import Form, write
    from checker.cli.verdicts import verdict_text
    from checker.grading.classroom import points, repository
    from checker.grading.export import export

    catalog = Catalog()
    folder = folder.absolute()
    outputs = points.require_github() if form is ReportForm.GITHUB else None
    chosen = _topics(catalog, topics) or repository.find_topics(catalog, folder)
    with ExitStack() as stack:
        if outputs:
            stack.enter_context(points.muted(write))
        book = stack.enter_context(
            repository.judged_repository(
                catalog,
                folder,
                chosen,
                student=_student(folder),
                seed=seed,
                sandbox="bubblewrap" if sandbox else "bare",
                tell=lambda report: write(verdict_text(report, Form.PLAIN) + "\n"),
            )
        )
        write(points.points_text(book))
        if junit:
            export(book, "junit", junit)
        if outputs:
            points.hand_on(book, outputs)
    if outputs:
        write(points.notices(book))
    raise typer.Exit(repository.book_exit_code(book))


def _topics(catalog: "Catalog", places: list[str] | None) -> "tuple[Topic, ...]":
    """Find the written topics of all places, in the order of the outline.

    Raises:
        UsageError: a place does not exist.
        NothingToDoError: nothing of a place is written yet.
    """
    from checker.errors import NothingToDoError

    chosen: set[Topic] = set()
    for place in (word for text in places or () for word in text.replace(",", " ").split()):
        found = {topic for topic in catalog.place(place) if catalog.is_written(topic)}
        if not found:
            raise NothingToDoError(
                f"Nothing of {place} is written yet.", "`checker list` shows what is there."
            )
        chosen |= found
    return tuple(topic for topic in catalog.written if topic in chosen)


def _student(folder: Path) -> str:
    """Name the student as the code host does, else by the folder."""
    names = (os.environ.get(name) for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN"))
    return next(filter(None, names), folder.name)
