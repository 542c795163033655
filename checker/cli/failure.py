"""How a command that cannot do its work says so: a message and a remedy, or one JSON object."""

import json
import re
import sys

from typer.exceptions import TyperException

from checker.errors import CheckerError, ExitCode

TOPIC_AS_COMMAND = re.compile(r"No such command '(\d+(?:\.\d+)+)'")


def report_error(error: CheckerError, *, as_json: bool) -> int:
    """Print an error of ours and give its exit code."""
    return _report(type(error).__name__, error.message, error.remedy, error.exit_code, as_json)


def report_usage(error: TyperException, *, as_json: bool) -> int:
    """Print what is wrong with the command line and give its exit code."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "checker"
    remedy = f"Read `{command} --help`."
    topic = TOPIC_AS_COMMAND.match(error.format_message())
    if topic:
        remedy = f"`checker check {topic[1]}` judges it, `checker show {topic[1]}` is its lesson."
    return _report("UsageError", error.format_message(), remedy, error.exit_code, as_json)


def report_bug(error: Exception, *, as_json: bool) -> int:
    """Print that the checker itself failed and give its exit code."""
    message = f"This is a bug of the checker: {type(error).__name__}: {error}"
    remedy = (
        "Run the command again with --debug and report what it prints. Your files are untouched."
    )
    return _report("Bug", message, remedy, ExitCode.FAULT, as_json)


def _report(kind: str, message: str, remedy: str, code: int, as_json: bool) -> int:
    if as_json:
        body = {"kind": kind, "message": message, "remedy": remedy, "exit_code": int(code)}
        sys.stdout.write(json.dumps({"error": body}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"{message}\n" + (f"{remedy}\n" if remedy else ""))
    return int(code)
