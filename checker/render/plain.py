"""Plain text: no colour, no drawing characters, each line says by a word what it is."""

from collections.abc import Sequence

from checker.render.layout import (
    Role,
    card_rows,
    card_title,
    footer,
    heading,
    others,
    summary,
    task_rows,
)
from checker.render.prose import without_marks
from checker.report import Card, TopicReport


def plain_report(report: TopicReport, *, hints: Sequence[str] = ()) -> str:
    """Give a report as text: the tasks, the first card, the sum."""
    lines = [f"{heading(report)}: {report.verdict.value}", ""]
    for task in task_rows(report):
        note = f"; {task.note}" if task.note else ""
        lines.append(f"{task.state}: {task.title} ({task.points}{note})")
    found = report.first_card()
    if found is not None:
        task_result, check, card = found
        title = card_title(task_result, check)
        lines += ["", title] if title else []
        lines += [plain_card(card).rstrip("\n"), ""]
        lines += [f"Hint: {without_marks(hint)}" for hint in hints]
    elif lines[-1]:
        lines.append("")
    lines.append(" ".join(filter(None, [summary(report), others(report)])))
    lines.append(f"Run: {footer(report)}.")
    return _safe("\n".join(lines)) + "\n"


def plain_card(card: Card) -> str:
    """Give a card as text: its headline, then a line for each row."""
    lines = [f"Problem: {without_marks(card.headline)}"]
    last = ""
    for row in card_rows(card):
        text = without_marks(row.text) if row.role is Role.PROSE else row.text
        label = "Line" if row.role is Role.SOURCE else row.label.capitalize()
        if row.role is Role.FRAME:
            lines += [f"{label}:"] if label != last else []
            lines.append(f"  {text}")
        elif "\n" in text:
            lines += [f"{label}:", *[f"  {line}" for line in text.splitlines()]]
        elif row.role is Role.PROSE and label == last:
            lines[-1] += f" {text}"
        else:
            lines.append(f"{label}: {text}")
        last = label
    return _safe("\n".join(lines)) + "\n"


def _safe(text: str) -> str:
    return text.replace("…", "...")
