"""JUnit XML in pytest's form (xunit2): a suite a student, a case a check.

`classname` is `<student>.<topic>`. A check that did not pass is a failure, an error of ours an
error, and what was not judged is skipped with its reason: none of them looks like a pass.
"""

import re
from xml.etree import ElementTree

from checker.grading.export.job import UNTRUSTED, Files, Job, reason, state_word
from checker.grading.model import Cell, Row, State, TopicLine
from checker.harmless import clean, line
from checker.kinds import Verdict
from checker.render.plain import plain_card
from checker.report import Card, CheckResult, TaskResult, TopicReport

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def make(job: Job) -> Files:
    """Give the file."""
    root = ElementTree.Element("testsuites", name=_text(job.marked(job.title)))
    for row in job.book.rows:
        root.append(_suite(job, row))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in root)))
    ElementTree.indent(root)
    yield "grades.xml", ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"


def _suite(job: Job, row: Row) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_text(job.marked(row.student.name)))
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(job, row):
        ElementTree.SubElement(properties, "property", name=name, value=_text(value))
    for topic in job.book.topics:
        for case in _cases(job, row, topic):
            case.set("classname", _text(f"{row.student.id}.{topic.id}"))
            suite.append(case)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(one.seconds for one in row.cells.values()):.3f}")
    if job.book.latest is not None:
        suite.set("timestamp", job.book.latest.isoformat())
    suite.set("hostname", "checker")
    return suite


def _properties(job: Job, row: Row) -> list[tuple[str, str]]:
    grade = job.grades[row.student.id]
    untrusted = [] if job.book.trusted else [(UNTRUSTED, job.warning)]
    return [
        *untrusted,
        ("student", row.student.id),
        ("final", f"{grade.final:f}"),
        ("out_of", f"{grade.out_of:f}"),
        ("undecided", ", ".join(grade.undecided)),
        ("seed", str(job.book.seed)),
        ("sandbox", ", ".join(job.book.sandbox)),
    ]


def _cases(job: Job, row: Row, topic: TopicLine) -> list[ElementTree.Element]:
    cell = row.cells[topic.id]
    report = job.report(cell)
    if report is None or cell.state is not State.JUDGED:
        tag = "error" if cell.state is State.ERROR else "skipped"
        text = plain_card(report.card) if report is not None and report.card else ""
        return [_case(task.id, 0, tag, _message(row, cell), text) for task in topic.tasks]
    return [
        _check(report, task, check)
        for task in report.tasks
        for check in task.checks or (CheckResult(id=task.id, title="", verdict=task.verdict),)
    ]


def _message(row: Row, cell: Cell) -> str:
    return f"{state_word(cell)}: {reason(row, cell)}"


def _check(report: TopicReport, task: TaskResult, check: CheckResult) -> ElementTree.Element:
    card: Card | None = check.card or report.card
    text = plain_card(card) if card is not None else ""
    match check.verdict:
        case Verdict.PASSED:
            return _case(check.id, check.seconds)
        case Verdict.BLOCKED:
            waits = f"blocked: waits for {', '.join(task.blocked_by)}"
            return _case(check.id, check.seconds, "skipped", waits)
        case Verdict.ERROR:
            return _case(check.id, check.seconds, "error", "error", text)
    headline = f"{check.verdict.value}: {card.headline if card else check.title}"
    return _case(check.id, check.seconds, "failure", headline, text)


def _case(
    name: str, seconds: float, tag: str = "", message: str = "", text: str = ""
) -> ElementTree.Element:
    case = ElementTree.Element("testcase", name=_text(name), time=f"{seconds:.3f}")
    if tag:
        ElementTree.SubElement(case, tag, message=_text(message)).text = _lines(text)
    return case


def _text(text: str) -> str:
    return _NO_XML.sub("?", line(text))


def _lines(text: str) -> str:
    return _NO_XML.sub("?", clean(text))
