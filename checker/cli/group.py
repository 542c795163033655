"""The group of commands: each is imported when it is called, and every error ends here."""

import importlib
import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from checker.cli.failure import report_bug, report_error, report_usage
from checker.errors import CheckerError

INTERRUPTED = 130
PIPE_CLOSED = 141

COMMANDS = {
    "start": "checker.cli.start",
    "list": "checker.cli.listing",
    "show": "checker.cli.show",
    "check": "checker.cli.check",
    "watch": "checker.cli.watch",
    "hint": "checker.cli.hint",
    "run": "checker.cli.run",
    "model": "checker.cli.model",
    "diff": "checker.cli.diff",
    "undo": "checker.cli.undo",
    "reset": "checker.cli.reset",
    "history": "checker.cli.history",
    "solution": "checker.cli.solution",
    "progress": "checker.cli.progress",
    "path": "checker.cli.path",
    "export": "checker.cli.export",
    "compare": "checker.cli.compare",
    "explain": "checker.cli.explain",
    "doctor": "checker.cli.doctor",
    "grade": "checker.cli.grade",
    "schema": "checker.cli.schema",
    "version": "checker.cli.version",
    "classroom": "checker.cli.classroom",
    "author": "checker.authoring.cli",
}

Command = TyperCommand | TyperGroup


def markup() -> Literal["markdown"] | None:
    """Choose how help is drawn: boxes, or plain text where the reader asked for it."""
    plain = os.environ.get("CHECKER_PLAIN") or "--plain" in sys.argv or not sys.stdout.isatty()
    return None if plain else "markdown"


class LazyCommands(MutableMapping[str, Command]):
    """Commands by name; the module of each, with a typer app named `app`, is imported on demand."""

    def __init__(self, modules: dict[str, str]) -> None:
        self._modules = modules
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            module = importlib.import_module(self._modules[name])
            command = typer.main.get_command(module.app)
            if not isinstance(command, TyperCommand | TyperGroup):
                raise KeyError(name)
            command.name = name
            command.rich_markup_mode = markup()
            self._loaded[name] = command
        return self._loaded[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._modules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


class CheckerGroup(TyperGroup):
    """The root command. Its `main` turns every exception into a message and an exit code."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - handed on as they come
        super().__init__(**settings)
        self.commands: MutableMapping[str, Any] = LazyCommands(COMMANDS)

    def invoke(self, context: Any) -> Any:  # noqa: ANN401 - typer's own type is private
        """Run the command; when the reader of a pipe has gone, end as SIGPIPE does."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            silence_output()
            raise typer.Exit(PIPE_CLOSED) from None

    def main(
        self,
        args: Sequence[str] | None = None,
        *more: Any,  # noqa: ANN401 - handed on as they come
        **extra: Any,  # noqa: ANN401 - handed on as they come
    ) -> None:
        """Run one command line and exit: 0-4 as in `checker.errors`, 130 after Ctrl-C."""
        words = list(sys.argv[1:] if args is None else args)
        debug = "--debug" in words
        words = [word for word in words if word != "--debug"]
        extra["standalone_mode"] = False
        try:
            code = int(super().main(words, *more, **extra) or 0)
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()
            code = PIPE_CLOSED
        except Exception as error:
            if debug:
                raise
            code = end(error, as_json="--json" in words)
        except KeyboardInterrupt:
            code = INTERRUPTED
        sys.exit(code)


def end(error: Exception, *, as_json: bool) -> int:
    """Say why a command could not do its work and give the exit code."""
    if isinstance(error, CheckerError):
        return report_error(error, as_json=as_json)
    if isinstance(error, TyperException):
        return report_usage(error, as_json=as_json)
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    return report_bug(error, as_json=as_json)


def silence_output() -> None:
    """Point stdout nowhere once the reader of a pipe has gone: the interpreter ends quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
