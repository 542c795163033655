"""What a report says, as labelled rows: the one content that every form draws."""

from dataclasses import dataclass
from enum import StrEnum

from checker.kinds import Verdict
from checker.render.talk import talk_label, talk_lines, talk_names
from checker.report import Card, CheckResult, ExchangeView, TaskResult, TopicReport

LONGEST_ANSWER = 300
REQUEST_LABELS = {"CALL": "call", "RUN": "command", "RAW": "bytes", "WEBSOCKET": "socket"}
STATE_WORDS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.BLOCKED: "blocked",
    Verdict.BROKEN: "not judged",
    Verdict.TIMEOUT: "timeout",
    Verdict.ERROR: "error",
}


class Role(StrEnum):
    """What a row is, so that a form can draw it fittingly.

    `prose` may hold names between backticks; `command` can be pasted; `frame` is a line of a
    conversation and begins with its time; `source` and `log` keep their line breaks.
    """

    PROSE = "prose"
    EXPECTED = "expected"
    GOT = "got"
    COMMAND = "command"
    VALUE = "value"
    FRAME = "frame"
    SOURCE = "source"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled piece of a card; rows of one label belong together.

    `mark` is the index of the character that a trouble is about.
    """

    label: str
    text: str
    role: Role
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the list: its verdict, title, points, and what it waits for."""

    verdict: Verdict
    title: str
    points: str
    note: str

    @property
    def state(self) -> str:
        """The verdict in a word."""
        return STATE_WORDS[self.verdict]


def card_rows(card: Card) -> list[Row]:
    """Give the rows below a card's headline, in the order of reading."""
    rows = _difference(card)
    rows += [Row("started", setting, Role.VALUE) for setting in card.started]
    names = talk_names(card)
    rows += [Row("before", one.curl + names.get(id(one), ""), Role.COMMAND) for one in card.earlier]
    if card.request is not None:
        label = REQUEST_LABELS.get(card.request.method, "request")
        command = card.request.curl + names.get(id(card.request), "")
        rows.append(Row(label, command, Role.COMMAND))
        rows += _answer(card.request)
    rows += [Row(talk_label(card), line, Role.FRAME) for line in talk_lines(card)]
    rows += _where(card)
    rows += [Row("why", sentence, Role.PROSE) for sentence in card.why]
    if card.next_step:
        rows.append(Row("next", card.next_step, Role.PROSE))
    if card.detail:
        rows.append(Row("details", card.detail, Role.LOG))
    return rows


def _difference(card: Card) -> list[Row]:
    rows = []
    if card.expected is not None:
        rows.append(Row("expected", card.expected, Role.EXPECTED))
    if card.got is not None:
        rows.append(Row("got", card.got, Role.GOT))
    return rows


def _answer(exchange: ExchangeView) -> list[Row]:
    if exchange.status is None or (exchange.method == "WEBSOCKET" and exchange.status == 101):
        return []
    body = "" if exchange.frames else exchange.response_body or ""
    if len(body) > LONGEST_ANSWER:
        body = body[:LONGEST_ANSWER] + "…"
    return [Row("answer", f"{exchange.status} {' '.join(body.split())}".strip(), Role.VALUE)]


def _where(card: Card) -> list[Row]:
    if card.where is None:
        return []
    function = card.where.function or ""
    inside = f" in {function}" if function.isidentifier() else ""
    rows = [Row("where", f"{card.where}{inside}", Role.VALUE)]
    if card.where.source:
        column = card.where.column
        rows.append(Row("where", card.where.source, Role.SOURCE, column and column - 1))
    return rows


def task_rows(report: TopicReport) -> list[TaskRow]:
    """List the tasks; none if the trouble concerns the whole lab and nothing was judged."""
    if report.card is not None and not any(_is_judged(task) for task in report.tasks):
        return []
    titles = {task.id: task.title for task in report.tasks}
    return [_task_row(task, titles) for task in report.tasks]


def _is_judged(task: TaskResult) -> bool:
    return task.verdict in {Verdict.PASSED, Verdict.FAILED, Verdict.TIMEOUT}


def _task_row(task: TaskResult, titles: dict[str, str]) -> TaskRow:
    points = f"{task.earned} of {count(task.points, 'point')}"
    waits = ", ".join(titles.get(one, one) for one in task.blocked_by)
    note = f"waits for: {waits}" if waits else ""
    return TaskRow(task.verdict, task.title, points, note)


def card_title(task: TaskResult | None, check: CheckResult | None) -> str:
    """Give the line above a card: the task, and the check's own sentence."""
    if task is None or check is None:
        return ""
    return f"{task.title}: {check.title}"


def heading(report: TopicReport) -> str:
    """Give the report's first line."""
    return f"{report.topic} {report.title}"


def summary(report: TopicReport) -> str:
    """Give the report's sum in a sentence."""
    passed = sum(task.verdict is Verdict.PASSED for task in report.tasks)
    tasks = count(len(report.tasks), "task")
    points = f"{report.earned} of {count(report.points, 'point')}"
    if report.card is not None and not task_rows(report):
        return f"None of the {tasks} was judged."
    if report.verdict is Verdict.PASSED:
        return f"All {tasks} passed: {points}."
    return f"{passed} of {tasks} passed: {points}."


def others(report: TopicReport) -> str:
    """Say how many checks did not pass beside the one whose card is shown; empty if none."""
    cards = [check for task in report.tasks for check in task.checks if check.card is not None]
    more = len(cards) - (0 if report.card is not None else 1)
    if report.card is not None or more < 1:
        return ""
    return f"{count(more, 'more check')} did not pass."


def footer(report: TopicReport) -> str:
    """Give the facts of the run, for those who want to repeat it."""
    return f"{report.seconds:.2f} s, seed {report.seed}"


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 point`, `3 points`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
