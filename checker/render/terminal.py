"""A report in a terminal: colour and width are used, nothing depends on them."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker.kinds import Verdict
from checker.render.layout import (
    Role,
    Row,
    TaskRow,
    card_rows,
    card_title,
    footer,
    heading,
    others,
    summary,
    task_rows,
)
from checker.render.prose import parts
from checker.report import Card, TopicReport

LABEL_WIDTH = 10
INDENT = 2
MARKS = {
    Verdict.PASSED: ("✓", "+", "green"),
    Verdict.FAILED: ("✗", "x", "red"),
    Verdict.BLOCKED: ("○", "o", "dim"),
    Verdict.BROKEN: ("✗", "x", "red"),
    Verdict.TIMEOUT: ("✗", "x", "yellow"),
    Verdict.ERROR: ("!", "!", "magenta"),
}
STYLES = {
    Role.PROSE: "",
    Role.EXPECTED: "green",
    Role.GOT: "red",
    Role.COMMAND: "",
    Role.VALUE: "",
    Role.FRAME: "",
    Role.SOURCE: "cyan",
    Role.LOG: "dim",
}


def render_report(
    report: TopicReport, console: Console, *, hints: Sequence[str] = (), pasteable: bool = True
) -> None:
    """Draw a report: the tasks, the first card, the sum.

    Args:
        report: what to draw.
        console: where; its width is kept.
        hints: sentences to show below the card.
        pasteable: leave a long command on one line, so that it can be copied.
    """
    console.print(Text(heading(report), style="bold"))
    console.print()
    tasks = task_rows(report)
    if tasks:
        console.print(_task_table(tasks, console))
        console.print()
    found = report.first_card()
    if found is not None:
        task, check, card = found
        render_card(card, console, title=card_title(task, check), pasteable=pasteable)
        for hint in hints:
            console.print(
                Padding(_labelled(Row("hint", hint, Role.PROSE), "hint"), (0, 0, 0, INDENT))
            )
        console.print()
    _print_sum(report, console)


def _print_sum(report: TopicReport, console: Console) -> None:
    style = "bold green" if report.verdict is Verdict.PASSED else "bold"
    line = Text(summary(report), style=style)
    if more := others(report):
        line.append(f" {more}", style="not bold")
    line.append(f"  {footer(report)}", style="not bold dim")
    console.print(line)


def render_card(card: Card, console: Console, *, title: str = "", pasteable: bool = True) -> None:
    """Draw a card: its headline, then its rows behind their labels."""
    if title:
        console.print(Text(title, style="dim"))
    mark = "x" if console.options.ascii_only else "✗"
    console.print(Text.assemble((f"{mark} ", "bold red"), _prose(card.headline, "bold")))
    console.print()
    rows = card_rows(card)
    last = ""
    for row in rows:
        label = "" if row.label == last else row.label
        last = row.label
        other = _opposite(row, card)
        if row.role is Role.COMMAND and pasteable:
            _print_whole(row, label, console)
        else:
            console.print(Padding(_labelled(row, label, other), (0, 0, 0, INDENT), expand=False))


def _opposite(row: Row, card: Card) -> str | None:
    return {Role.EXPECTED: card.got, Role.GOT: card.expected}.get(row.role)


def _print_whole(row: Row, label: str, console: Console) -> None:
    line = Text(" " * INDENT) + Text(label.ljust(LABEL_WIDTH), style="dim") + Text(row.text)
    console.print(line, soft_wrap=True)


def _timed(line: str) -> Text:
    """Draw a line of a conversation with its time in a column of its own."""
    time, _, said = line.expandtabs(4).partition(" ms ")
    return Text.assemble((f"{time:>5} ms  ", "dim"), said)


def _labelled(row: Row, label: str, other: str | None = None) -> Table:
    grid = Table.grid(padding=0)
    grid.add_column(width=LABEL_WIDTH, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(label, style="dim"), _content(row, other))
    return grid


def _content(row: Row, other: str | None) -> Text:
    if row.role is Role.PROSE:
        return _prose(row.text, "bold" if row.label == "next" else "")
    if row.role is Role.FRAME:
        return _timed(row.text)
    text = Text(row.text.expandtabs(4), style=STYLES[row.role])
    if row.mark is not None and "\n" not in row.text:
        text.append(f"\n{' ' * row.mark}^", style="bold red")
    if other is not None:
        span = differing_part(row.text, other)
        if span is not None:
            text.stylize("bold underline", *span)
    return text


def _prose(sentence: str, style: str) -> Text:
    text = Text(style=style)
    for piece, is_code in parts(sentence):
        text.append(piece, style="cyan" if is_code else None)
    return text


def differing_part(text: str, other: str) -> tuple[int, int] | None:
    """Give the part of a text that differs from another much like it; None if all differs."""
    shorter = min(len(text), len(other))
    start = next((i for i in range(shorter) if text[i] != other[i]), shorter)
    end = 0
    while end < shorter - start and text[-1 - end] == other[-1 - end]:
        end += 1
    if text == other or (start + end) * 2 < shorter:
        return None
    return start, max(len(text) - end, start)


def _task_table(tasks: Sequence[TaskRow], console: Console) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_column(no_wrap=True)
    for task in tasks:
        mark, plain_mark, style = MARKS[task.verdict]
        shown = plain_mark if console.options.ascii_only else mark
        title = Text(task.title, style="dim" if task.verdict is Verdict.BLOCKED else "")
        if task.note:
            title.append(f"  {task.note}", style="dim")
        grid.add_row(
            Text(f"  {shown} {task.state}", style=style), title, Text(task.points, style="dim")
        )
    return grid
