"""A report as an SVG picture that loads nothing from elsewhere."""

import io
import re
from html import escape

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI

from checker.render.layout import heading
from checker.render.terminal import render_report
from checker.report import TopicReport

WIDTH = 96
REMOTE = re.compile(r"@font-face\s*\{[^}]*\}|<!--.*?-->", re.DOTALL)


def svg_report(report: TopicReport) -> str:
    """Draw a report as SVG, 96 columns wide, in the reader's own monospaced font."""
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        legacy_windows=False,
    )
    render_report(report, console, pasteable=False)
    svg = console.export_svg(
        title=f"checker check {report.topic}", theme=DIMMED_MONOKAI, unique_id="verdict"
    )
    return _name(REMOTE.sub("", svg).replace("Fira Code, ", ""), heading(report))


def _name(svg: str, title: str) -> str:
    """Give the picture a name for those who do not see it."""
    return svg.replace(
        '<svg class="rich-terminal"',
        f'<svg class="rich-terminal" role="img" aria-label="{escape(title)}"',
        1,
    )
