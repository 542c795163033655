"""How `checker grade` shows its progress and its last words."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from checker.cli.ink import Ink
from checker.cli.output import Form, print_json, wrapped, write
from checker.errors import ExitCode
from checker.grading.model import Finding
from checker.grading.pace import Pace
from checker.grading.session import GradeOrder, GradeSession
from checker.grading.summary import Summary, summarize
from checker.harmless import clean
from checker.render.layout import count

if TYPE_CHECKING:
    from checker.catalog import Catalog
    from checker.grading.work import Result

LINE_SECONDS = 10.0
MOST_FINDINGS = 30
UNTRUSTED = "UNTRUSTED: without a sandbox a submission could have done anything, also to results."
Show = Callable[["Result"], None]


def run_grade(order: GradeOrder, catalog: "Catalog", form: Form) -> int:
    """Grade a class and say how it went; give the exit code."""
    with GradeSession(order, catalog) as session:
        if order.dry_run:
            _show_plan(session, form)
            return ExitCode.PASSED
        pace = Pace(session.plan.verdicts)
        try:
            with _progress(pace, form) as show:
                session.run(show)
        except KeyboardInterrupt:
            done = count(pace.done, "new verdict")
            sys.stderr.write(f"Stopped. {done} kept; the same command goes on from here.\n")
            raise
        summary = summarize(session.store.gradebook())
    if form is Form.JSON:
        print_json({**summary.data(), "judged": pace.done, "seconds": round(pace.seconds, 3)})
    else:
        lines = wrapped(_last_words(summary, pace, Ink(form)))
        lines += [f"Results: {order.out}", f"Next: checker export {order.out} --format class"]
        write("\n".join(lines) + "\n")
    return ExitCode.FAULT if summary.unjudged else ExitCode.PASSED


@contextlib.contextmanager
def _progress(pace: Pace, form: Form) -> Iterator[Show]:
    """Show how far it is: a bar on a terminal, else a line now and then, on standard error."""
    if not pace.total:
        yield lambda _: None
    elif form is Form.TERMINAL:
        with _bar(pace) as show:
            yield show
    else:
        yield _lines(pace)


def _lines(pace: Pace) -> Show:
    said = time.monotonic()

    def show(result: "Result") -> None:
        nonlocal said
        pace.count(result.report.verdict)
        if pace.done == pace.total or time.monotonic() - said >= LINE_SECONDS:
            said = time.monotonic()
            sys.stderr.write(pace.line() + "\n")
            sys.stderr.flush()

    return show


@contextlib.contextmanager
def _bar(pace: Pace) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(pace.line(), total=pace.total)

        def show(result: "Result") -> None:
            pace.count(result.report.verdict)
            counts = ", ".join(f"{number} {kind}" for kind, number in pace.verdicts.most_common())
            progress.update(task, completed=pace.done, description=f"{pace.line()} {counts}")

        yield show


def _show_plan(session: GradeSession, form: Form) -> None:
    plan = session.plan
    topics = [line.topic.id for line in plan.manifest]
    if form is Form.JSON:
        students = {student.id: student.name for student in plan.intake.students}
        due = {work.student: [one.topic for one in work.topics] for work in plan.work}
        data = {"students": students, "topics": topics, "verdicts": plan.verdicts, "due": due}
        print_json({**data, "findings": [finding.data() for finding in plan.intake.findings]})
        return
    lines = [
        f"{count(len(plan.intake.students), 'student')}, "
        f"{count(len(plan.intake.submissions), 'submission')}, "
        f"{count(len(topics), 'topic')}: {count(plan.verdicts, 'verdict')} to form.",
        *(
            clean(f"{work.student}: {', '.join(one.topic for one in work.topics)}")
            for work in plan.work
        ),
        *_findings(plan.intake.findings),
        "Nothing was written: this was a dry run.",
    ]
    write("\n".join(wrapped(lines)) + "\n")


def _last_words(summary: Summary, pace: Pace, ink: Ink) -> list[str]:
    cells = ", ".join(f"{number} {kind}" for kind, number in summary.cells.items())
    lines = [
        f"{count(summary.students, 'student')}, {count(summary.topics, 'topic')}: {cells}.",
        f"Judged now: {pace.done}, in {pace.seconds:.1f} s." if pace.done else "Nothing was due.",
        f"Sandbox: {' or '.join(summary.sandbox) or 'nothing has been judged'}.",
        *([] if summary.trusted else [ink("bad", UNTRUSTED)]),
        *_findings(summary.findings),
    ]
    if summary.unjudged:
        names = ", ".join(f"{student} {topic}" for student, topic in summary.unjudged[:5])
        more = f" and {len(summary.unjudged) - 5} more" if len(summary.unjudged) > 5 else ""
        lines.append(
            f"{len(summary.unjudged)} could not be judged, and not by the students' fault: {names}"
            f"{more}. Run the same command again; `checker explain` says what went wrong."
        )
    return lines


def _findings(findings: tuple[Finding, ...]) -> list[str]:
    """List what a person should look at: refusals first, not too many."""
    order = sorted(findings, key=lambda one: not one.refused)
    lines = [
        clean(
            f"{'refused' if one.refused else 'note'}: "
            f"{' '.join(filter(None, (one.student, one.topic)))}: {one.message}"
        )
        for one in order[:MOST_FINDINGS]
    ]
    if len(order) > MOST_FINDINGS:
        lines.append(f"... and {len(order) - MOST_FINDINGS} more; every export has them all.")
    return lines
