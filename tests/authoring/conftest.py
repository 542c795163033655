"""A judge that says what a test tells it, and a topic of the tiny curriculum."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checker.authoring.subject import Subject, load_subject
from checker.catalog import Catalog
from checker.catalog.model import Lesson, Topic
from checker.files import Tree, read_tree
from checker.report import Card, CheckResult, Kind, TaskResult, TopicReport, Verdict

Rule = Callable[[Tree], dict[str, Verdict]]


def make_card(headline: str = "GET /books answered 200, not 404.") -> Card:
    """Make the card of a failure."""
    return Card(kind=Kind.STATUS, headline=headline, expected="404", got="200")


def make_report(
    topic: Topic,
    lesson: Lesson,
    verdicts: dict[str, Verdict],
    card: Card | None = None,
) -> TopicReport:
    """Make a report with a verdict for each task; a task that is not named passes."""
    tasks = []
    for task in lesson.tasks:
        verdict = verdicts.get(task.id, Verdict.PASSED)
        shown = card if verdict in {Verdict.FAILED, Verdict.TIMEOUT} else None
        checks = tuple(
            CheckResult(id=check.id, title=check.title, verdict=verdict, card=shown)
            for check in task.checks
        )
        tasks.append(
            TaskResult(id=task.id, title=task.title, verdict=verdict, points=1, checks=checks)
        )
    worst = next((one for one in verdicts.values() if one is not Verdict.PASSED), Verdict.PASSED)
    own = card if worst in {Verdict.BROKEN, Verdict.ERROR} else None
    return TopicReport(
        topic=topic.id,
        title=topic.title,
        verdict=worst,
        tasks=tuple(tasks),
        card=own,
        seed=1,
        seconds=0.1,
    )


def always(**verdicts: Verdict) -> Rule:
    """Give these verdicts to every lab."""
    return lambda _: verdicts


@dataclass
class ScriptedJudge:
    """Give each task the verdict that `rule` reads out of a lab's files; keep how it was asked."""

    catalog: Catalog
    rule: Rule = field(default=lambda _: {})
    card: Card | None = field(default_factory=make_card)
    asked: list[tuple[int | None, dict[str, str] | None]] = field(default_factory=list)

    def check(
        self,
        topic: Topic,
        folder: Path,
        seed: int | None = None,
        env: dict[str, str] | None = None,
    ) -> TopicReport:
        """Judge by the rule."""
        self.asked.append((seed, env))
        verdicts = self.rule(read_tree(folder))
        return make_report(topic, self.catalog.lesson(topic), verdicts, self.card)


@pytest.fixture
def judge(catalog: Catalog) -> ScriptedJudge:
    """Make a judge that is content with everything."""
    return ScriptedJudge(catalog)


@pytest.fixture
def books(catalog: Catalog) -> Subject:
    """Read the first topic of the tiny curriculum: two tasks, none requires another."""
    return load_subject(catalog, catalog.find("5.1.1"))


@pytest.fixture
def loans(catalog: Catalog) -> Subject:
    """Read the second topic: `return_book` requires `lend_book`."""
    return load_subject(catalog, catalog.find("5.1.2"))
