"""Colour and marks for a terminal, words for everyone else."""

import os

from checker.cli.output import Form

STYLES = {"bold": "1", "dim": "2", "good": "32", "bad": "31", "warn": "33", "link": "36"}
MARKS = {"passed": "✓", "started": "▸", "open": "·", "coming": " "}


class Ink:
    """Style words for one form of output; plain text and NO_COLOR leave them as they are."""

    def __init__(self, form: Form) -> None:
        self.terminal = form is Form.TERMINAL
        self._colour = self.terminal and not os.environ.get("NO_COLOR")

    def __call__(self, style: str, text: str) -> str:
        """Give the text in a style of `STYLES`."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._colour and text else text

    def mark(self, state: str) -> str:
        """Give the mark of a topic's state; only for a terminal."""
        return self("good" if state == "passed" else "warn", MARKS[state])
