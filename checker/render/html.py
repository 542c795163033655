"""A report as a piece of HTML for a notebook: no script, no style sheet, every value escaped."""

from html import escape

from checker.render.layout import (
    Role,
    Row,
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

COLOURS = {Role.EXPECTED: "#1a7f37", Role.GOT: "#c0262d"}


def html_report(report: TopicReport) -> str:
    """Give a report as HTML: the tasks, the first card, the sum."""
    pieces = [f"<p><b>{escape(heading(report))}: {report.verdict.value}</b></p>", "<ul>"]
    for task in task_rows(report):
        note = f"; {task.note}" if task.note else ""
        pieces.append(f"<li>{task.state}: {escape(task.title)} ({escape(task.points + note)})</li>")
    pieces.append("</ul>")
    found = report.first_card()
    if found is not None:
        task_result, check, card = found
        pieces.append(f"<p>{escape(card_title(task_result, check))}</p>{html_card(card)}")
    said = " ".join(filter(None, [summary(report), others(report)]))
    pieces.append(f"<p>{escape(said)} <small>{escape(footer(report))}</small></p>")
    return f"<div>{''.join(pieces)}</div>"


def html_card(card: Card) -> str:
    """Give a card as HTML: its headline and a table of its rows."""
    rows = "".join(_row(row) for row in card_rows(card))
    return f"<p><b>{_prose(card.headline)}</b></p><table>{rows}</table>"


def _row(row: Row) -> str:
    if row.role is Role.PROSE:
        content = _prose(row.text)
    else:
        colour = f"color:{COLOURS[row.role]};" if row.role in COLOURS else ""
        content = f'<code style="{colour}white-space:pre-wrap">{escape(row.text)}</code>'
    return (
        f'<tr><th style="text-align:left;vertical-align:top">{row.label}</th>'
        f'<td style="text-align:left">{content}</td></tr>'
    )


def _prose(sentence: str) -> str:
    return "".join(
        f"<code>{escape(piece)}</code>" if is_code else escape(piece)
        for piece, is_code in parts(sentence)
    )
