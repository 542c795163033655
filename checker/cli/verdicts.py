"""A verdict on the screen: the card, then what is new and what comes next."""

import importlib
from typing import TYPE_CHECKING

from checker.cli.output import Form, wrapped
from checker.kinds import Verdict

if TYPE_CHECKING:
    from checker.cli.ink import Ink
    from checker.report import TopicReport
    from checker.watch.outcome import Outcome


def prepare(form: Form) -> None:
    """Import what draws a verdict, while the judge is still starting."""
    if form is Form.TERMINAL:
        importlib.import_module("checker.render.terminal")
    elif form is Form.PLAIN:
        importlib.import_module("checker.render.plain")


def verdict_text(report: "TopicReport", form: Form) -> str:
    """Draw a report for one form of output; it ends with a newline."""
    if form is Form.JSON:
        return report.model_dump_json() + "\n"
    if form is Form.PLAIN:
        from checker.render.plain import plain_report

        return plain_report(report).rstrip("\n") + "\n"
    import io

    from rich.console import Console

    from checker.cli.output import width
    from checker.render.terminal import render_report

    canvas = io.StringIO()
    console = Console(file=canvas, force_terminal=True, width=width(), highlight=False)
    render_report(report, console)
    return canvas.getvalue().rstrip("\n") + "\n"


def afterword(outcome: "Outcome", ink: "Ink") -> list[str]:
    """Say which tasks are new and, after a pass, what to do next."""
    titles = {task.id: task.title for task in outcome.report.tasks}
    lines = []
    if outcome.new:
        names = ", ".join(titles[task] for task in outcome.new)
        new = [f"New: {names}."]
        lines += [ink("good", line) for line in (wrapped(new) if ink.terminal else new)]
    if outcome.report.verdict is not Verdict.PASSED:
        return lines
    topic = outcome.topic
    compare = f"`checker diff {topic.id} --solution` compares yours with ours."
    lines.append(f"{ink('good', f'{topic.id} is passed.')} {compare}")
    if outcome.following is None:
        lines.append("Every topic that is written so far is passed.")
    else:
        lines.append(f"Next: {ink('bold', f'{outcome.following.id} {outcome.following.title}')}")
    return lines


def outcome_text(outcome: "Outcome", form: Form, ink: "Ink") -> str:
    """Draw the verdict and below it what follows from it."""
    text = verdict_text(outcome.report, form)
    words = [] if form is Form.JSON else afterword(outcome, ink)
    return text + "".join(f"{line}\n" for line in (["", *words] if words else []))
