"""The results of a student as a list of tasks, for formats that know tests and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.grading.export.job import Job, reason
from checker.grading.model import Cell, Row, State, TaskLine, TopicLine
from checker.kinds import Verdict
from checker.render.plain import plain_card
from checker.report import TaskResult, TopicReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task of a student: `text` is what the learner reads; `verdict` None if never judged."""

    topic: TopicLine
    task: TaskLine
    cell: Cell
    verdict: Verdict | None
    text: str
    seconds: float = 0.0

    @property
    def decided(self) -> bool:
        """Tell whether points were given or refused for good."""
        return self.cell.state not in (State.ERROR, State.PENDING)

    @property
    def passed(self) -> bool:
        """Tell whether the points were earned."""
        return self.cell.state is State.JUDGED and self.verdict is Verdict.PASSED


def outcomes(job: Job, row: Row) -> Iterator[Outcome]:
    """Give every task of the manifest, in order, whatever became of it."""
    for topic in job.book.topics:
        cell = row.cells[topic.id]
        report = job.report(cell)
        for task in topic.tasks:
            found = _result(report, task)
            if found is None or cell.state is not State.JUDGED:
                text = "\n".join(filter(None, [reason(row, cell), _whole(report)]))
                yield Outcome(topic, task, cell, None, text)
            else:
                seconds = sum(check.seconds for check in found.checks)
                yield Outcome(topic, task, cell, found.verdict, _text(report, found), seconds)


def _result(report: TopicReport | None, task: TaskLine) -> TaskResult | None:
    tasks = () if report is None else report.tasks
    return next((one for one in tasks if one.id == task.id), None)


def _whole(report: TopicReport | None) -> str:
    return plain_card(report.card) if report is not None and report.card is not None else ""


def _text(report: TopicReport | None, task: TaskResult) -> str:
    """Give the cards of a task, and the lab's own where nothing could be asked."""
    if task.verdict is Verdict.PASSED:
        return ""
    texts = [
        f"{check.title}\n{plain_card(check.card)}"
        for check in task.checks
        if check.card is not None
    ]
    if task.blocked_by:
        texts.append(f"Waits for: {', '.join(task.blocked_by)}.")
    return "\n".join(texts or [_whole(report) or f"The task is {task.verdict.value}."])
