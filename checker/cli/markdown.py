"""Lessons in the terminal: drawn by rich, or as plain text."""

import io
import os
import re

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def plain_text(text: str) -> str:
    """Give Markdown as text: code is indented instead of fenced, heading marks are taken off."""
    lines: list[str] = []
    fence = ""
    for line in text.strip().splitlines():
        mark = FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence)
            fence = "" if closes else fence
            lines += [] if closes else [f"    {line}".rstrip()]
        elif mark:
            fence = mark[1]
        else:
            lines.append(re.sub(r"^#{1,6}\s+", "", line))
    return "\n".join(lines) + "\n"


def page(text: str, *, whole: bool) -> None:
    """Draw Markdown in the terminal, a whole lesson through the reader's pager."""
    from rich.console import Console
    from rich.markdown import Markdown

    from checker.cli.output import width

    os.environ.setdefault("LESS", "-RFX")
    console = Console(width=width(), highlight=False)
    drawing = Markdown(text, code_theme="ansi_dark", hyperlinks=False)
    if not whole:
        console.print(drawing)
        return
    with console.pager(styles=not os.environ.get("NO_COLOR")):
        console.print(drawing)


def drawn_lines(text: str) -> list[str]:
    """Draw Markdown for the terminal, as lines."""
    from rich.console import Console
    from rich.markdown import Markdown

    from checker.cli.output import width

    canvas = io.StringIO()
    console = Console(file=canvas, force_terminal=True, width=width(), highlight=False)
    console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))
    return [line.rstrip() for line in canvas.getvalue().splitlines()]


def draw_files(files: dict[str, str]) -> None:
    """Draw source files one below another, each under its name."""
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(highlight=False)
    for name, text in files.items():
        console.print(name, style="bold", markup=False)
        lexer = Syntax.guess_lexer(name, text)
        console.print(Syntax(text, lexer, theme="ansi_dark", word_wrap=True))
