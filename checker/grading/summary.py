"""What a run of `checker grade` comes to, for its last words."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from checker.grading.gradebook import Gradebook
from checker.grading.model import Finding, State


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers over the whole table: `cells` by verdict, or by state where there is no verdict."""

    students: int
    topics: int
    cells: dict[str, int]
    findings: tuple[Finding, ...]
    unjudged: tuple[tuple[str, str], ...]
    sandbox: tuple[str, ...]
    trusted: bool

    def data(self) -> dict[str, Any]:
        """Give it as JSON data."""
        return {
            "students": self.students,
            "topics": self.topics,
            "cells": self.cells,
            "trusted": self.trusted,
            "sandbox": list(self.sandbox),
            "unjudged": [{"student": student, "topic": topic} for student, topic in self.unjudged],
            "findings": [finding.data() for finding in self.findings],
        }


def summarize(book: Gradebook) -> Summary:
    """Count the cells of a class; `unjudged` are those that the environment spoilt."""
    cells = [cell for row in book.rows for cell in row.cells.values()]
    kinds = Counter(
        cell.verdict.value if cell.verdict is not None else cell.state.value for cell in cells
    )
    return Summary(
        students=len(book.rows),
        topics=len(book.topics),
        cells=dict(kinds.most_common()),
        findings=book.findings,
        unjudged=tuple((c.student, c.topic) for c in cells if c.state is State.ERROR),
        sandbox=book.sandbox,
        trusted=book.trusted,
    )
