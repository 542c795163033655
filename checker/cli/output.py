"""Where a command prints: JSON for programs, plain text, or a terminal with colour."""

import json as jsonlib
import os
import shutil
import sys
import textwrap
from enum import StrEnum

CODE_INDENT = 4


class Form(StrEnum):
    """The forms of an output."""

    JSON = "json"
    PLAIN = "plain"
    TERMINAL = "terminal"


def choose_form(*, json: bool, plain: bool) -> Form:
    """Choose the form: as asked for, and plain wherever the output is not a terminal."""
    if json:
        return Form.JSON
    if plain or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return Form.PLAIN
    return Form.TERMINAL


def interactive() -> bool:
    """Tell whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def print_json(value: object) -> None:
    """Print one JSON document."""
    write(jsonlib.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_json_line(value: object) -> None:
    """Print one JSON document on a line of its own, at once."""
    write(jsonlib.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def write(text: str) -> None:
    """Write text to stdout at once; what the terminal's encoding lacks becomes `?`."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding))
    sys.stdout.flush()


def width() -> int:
    """Give the columns to write in: the terminal's, 100 at most."""
    return min(100, shutil.get_terminal_size((100, 24)).columns)


def wrapped(lines: list[str]) -> list[str]:
    """Break long lines between words for the terminal; lines of code and coloured ones stay."""
    result: list[str] = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        if len(indent) >= CODE_INDENT or "\x1b" in line or not line.strip():
            result.append(line)
        else:
            result += textwrap.wrap(line, width(), subsequent_indent=indent, break_long_words=False)
    return result
