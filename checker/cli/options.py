"""The options and arguments that several commands share, each with one wording."""

from collections.abc import Iterator
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
PlainOption = Annotated[
    bool,
    typer.Option(
        "--plain",
        envvar="CHECKER_PLAIN",
        help="Print plain text: no colour, no redraw, no symbols. The default without a terminal.",
    ),
]
DebugOption = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error. Works after any command.")
]


def complete_topic(incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer ids and slugs of the topics that exist, with their titles."""
    from checker.catalog import Catalog

    for topic in Catalog().written:
        for name in (topic.id, topic.slug):
            if name.startswith(incomplete):
                yield name, topic.title


TopicArgument = Annotated[
    str,
    typer.Argument(
        metavar="TOPIC", help="5.1.2, 1.2 or path_operations.", autocompletion=complete_topic
    ),
]
OptionalTopic = Annotated[
    str | None,
    typer.Argument(
        metavar="[TOPIC]",
        help="5.1.2, 1.2 or path_operations; without it, the next open topic.",
        autocompletion=complete_topic,
    ),
]
SandboxOption = Annotated[
    bool,
    typer.Option(
        "--sandbox/--no-sandbox",
        help="Run the lab inside bubblewrap, as grading does (Linux).",
        envvar="CHECKER_SANDBOX",
    ),
]
