"""The commands of `checker author`."""

import json as jsonlib
import os
import sys
from typing import Annotated

import typer

from checker.authoring.subject import Point, require_checkout
from checker.catalog import Catalog
from checker.errors import ExitCode

app = typer.Typer(
    name="author",
    help="Write topics and prove them: for authors, in a clone of the repository.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PlaceArgument = Annotated[
    str, typer.Argument(metavar="[PLACE]", help="A topic (5.1.2), a section (5.1) or all.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
OnlyOption = Annotated[
    list[Point] | None, typer.Option("--only", help="Prove this point alone; may be repeated.")
]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Write nothing; say where notebooks differ from lessons.")
]
RoundsOption = Annotated[int, typer.Option("--rounds", min=1, help="How often to measure each.")]


@app.command("verify")
def verify_command(
    place: PlaceArgument = "all", json: JsonOption = False, only: OnlyOption = None
) -> None:
    """Prove the eight points of the gate for each topic. Exit 0 all met, 1 something to do."""
    from checker.authoring.gate import verify_place
    from checker.authoring.report import draw_verification

    points = tuple(point for point in Point if only is None or point in only)
    result = verify_place(_catalog(), place, points, _tell)
    _show(jsonlib.dumps(result.data(), indent=2) if json else draw_verification(result))
    raise typer.Exit(ExitCode.PASSED if result.ok else ExitCode.FAILED)


@app.command("notebooks")
def notebooks_command(place: PlaceArgument = "all", check: CheckOption = False) -> None:
    """Build the notebooks from the lessons. With --check: exit 1 where one is not current."""
    from checker.authoring.notebooks import build_place, check_place

    catalog = _catalog()
    lines = check_place(catalog, place) if check else build_place(catalog, place)
    failed = False
    for line in lines:
        failed = failed or line.failed
        _show(line.text)
    raise typer.Exit(ExitCode.FAILED if failed else ExitCode.PASSED)


@app.command("new")
def new_command(topic: Annotated[str, typer.Argument(metavar="TOPIC")]) -> None:
    """Make every room of a topic that the outline has and nobody has begun."""
    from checker.authoring.scaffold import scaffold_topic

    catalog = _catalog()
    for path in scaffold_topic(catalog, catalog.find(topic)):
        _show(path)
    _show(f"\nWrite the lesson first; `checker author verify {topic}` says what is left to do.")


@app.command("bench")
def bench_command(
    json: JsonOption = False,
    rounds: RoundsOption = 5,
    grading: Annotated[
        bool, typer.Option("--grading", help="Measure the grading of a class instead.")
    ] = False,
) -> None:
    """Measure the checker against cold pytest runs that ask the same questions."""
    from checker.authoring.bench import run_bench
    from checker.authoring.grading_bench import run_grading_bench
    from checker.authoring.report import draw_bench

    run = run_grading_bench if grading else run_bench
    result = run(_catalog(), rounds, _tell)
    _show(jsonlib.dumps(result.data(), indent=2) if json else draw_bench(result))


@app.command("picture")
def picture_command() -> None:
    """Draw the verdict that the README shows."""
    from checker.authoring.picture import draw_picture

    _show(str(draw_picture(_catalog())))


def _catalog() -> Catalog:
    catalog = Catalog()
    require_checkout(catalog)
    return catalog


def _show(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _tell(text: str) -> None:
    """Tell on a terminal what is being done, in one line that the next one replaces."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        sys.stderr.write(f"\r\x1b[K{text[:78]}")
        sys.stderr.flush()
