"""A page a student, as HTML and as Markdown: grade, topics, each card as the learner sees it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.grading.export.csv import table
from checker.grading.export.job import Files, Job, reason, state_word
from checker.grading.export.markup import render
from checker.grading.model import Cell, Row, State, TopicLine
from checker.harmless import clean, line
from checker.render.layout import card_title, task_rows
from checker.render.plain import plain_card
from checker.report import Card, TopicReport

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~&@:.])")


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one topic; `points` is empty while nothing was judged."""

    topic: TopicLine
    cell: Cell
    state: str
    points: str
    offered: str
    reason: str
    report: TopicReport | None
    cards: tuple[tuple[str, Card], ...]
    findings: tuple[str, ...]


def make(job: Job) -> Files:
    """Give `<student>.html`, `<student>.md` and `index.csv`, which says whose each page is."""
    lines = [["student", "name", "email", "html", "markdown"]]
    for row in job.book.rows:
        name = job.names[row.student.id]
        found = list(parts_of(job, row))
        yield f"{name}.html", _html(job, row, found)
        yield f"{name}.md", _markdown(job, row, found).encode()
        one = row.student
        lines.append([one.id, one.name, one.email, f"{name}.html", f"{name}.md"])
    yield "index.csv", table(lines).encode("utf-8-sig")


def parts_of(job: Job, row: Row) -> Iterator[Part]:
    """Give what became of each topic, in order."""
    for topic in job.book.topics:
        cell = row.cells[topic.id]
        report = job.report(cell)
        judged = cell.state is State.JUDGED
        yield Part(
            topic=topic,
            cell=cell,
            state=state_word(cell),
            points=f"{job.worth(topic.id, cell.points):f}" if judged else "",
            offered=f"{job.worth(topic.id, topic.points):f}",
            reason=reason(row, cell),
            report=report if judged else None,
            cards=tuple(cards(report)) if report is not None else (),
            findings=tuple(
                line(one.message)
                for one in row.findings
                if one.topic == topic.id and not one.refused
            ),
        )


def cards(report: TopicReport) -> Iterator[tuple[str, Card]]:
    """Give every card of a report with the line above it: the lab's own, then a check's each."""
    if report.card is not None:
        yield "", report.card
    for task in report.tasks:
        for check in task.checks:
            if check.card is not None:
                yield card_title(task, check), check.card


def _general(row: Row) -> list[str]:
    return [line(one.message) for one in row.findings if one.topic is None]


def _html(job: Job, row: Row, found: list[Part]) -> bytes:
    return render(
        "feedback.html",
        title=job.title,
        warning=job.warning,
        student=row.student,
        row=row,
        grade=job.grades[row.student.id],
        parts_of=found,
        findings=_general(row),
        seed=job.book.seed,
    )


def _markdown(job: Job, row: Row, found: list[Part]) -> str:
    grade = job.grades[row.student.id]
    lines = [f"# {escaped(job.title)}: {escaped(row.student.name)}", ""]
    lines += [f"**{escaped(job.warning)}**", ""] if job.warning else []
    lines += [f"**Grade: {grade.final:f} of {grade.out_of:f}** ({grade.percent:f} percent)", ""]
    if grade.undecided:
        lines += [f"**Not final: {', '.join(grade.undecided)} not judged yet.**", ""]
    lines += [f"- {escaped(one)}" for one in (*grade.notes, *_general(row))]
    lines += ["", "| Topic | State | Points |", "|---|---|---|"]
    for one in found:
        title = f"{one.topic.id} {escaped(one.topic.title)}"
        lines.append(f"| {title} | {one.state} | {one.points or '-'} of {one.offered} |")
    for one in found:
        lines += ["", f"## {one.topic.id} {escaped(one.topic.title)}: {one.state}", ""]
        lines += _part(one)
    return "\n".join(lines).rstrip() + "\n"


def _part(one: Part) -> list[str]:
    lines = [escaped(one.reason), ""] if one.reason else []
    lines += [f"- {escaped(finding)}" for finding in one.findings]
    if one.report is not None:
        for task in task_rows(one.report):
            note = f"; {task.note}" if task.note else ""
            lines.append(f"- {task.state}: {escaped(task.title)} ({escaped(task.points + note)})")
    for title, card in one.cards:
        lines += ["", *([f"### {escaped(title)}", ""] if title else []), *_fenced(plain_card(card))]
    return lines


def _fenced(text: str) -> list[str]:
    """Give text as a block of code that it cannot end."""
    fence = "`" * max(3, 1 + max((len(one) for one in re.findall("`+", text)), default=0))
    return [f"{fence}text", clean(text).rstrip("\n"), fence]


def escaped(text: str) -> str:
    """Give text that Markdown takes for nothing else."""
    return _MARKDOWN.sub(r"\\\1", line(text))
