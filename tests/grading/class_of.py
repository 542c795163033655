"""Classes in memory: every state, hostile names among the students, reports with cards."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from checker.grading.gradebook import Gradebook, Judged
from checker.grading.model import (
    Cell,
    Finding,
    FindingKind,
    Receipt,
    Row,
    Standing,
    State,
    Student,
    TaskLine,
    TopicLine,
)
from checker.kinds import Verdict
from checker.report import Card, CheckResult, TaskResult, TopicReport
from tests.grading.invent import receipt
from tests.render.reports import STATUS, SYNTAX

HOSTILE = {
    "formula": '=HYPERLINK("http://evil.example","grades")',
    "comma": "Lovelace, Ada",
    "break": "Grace\nHopper\r\n=1+1",
    "script": '<script>alert("x")</script><img src=x onerror=alert(1)>',
    "escape": "Ben\x1b[2J\x1b]0;owned\x07 Okri",
    "turned": "Eve\u202egnp.exe\u2066",
    "separators": "Ada;=1+1|@SUM(A1)\t-2",
    "wide": "＝1+1",  # noqa: RUF001 - a full-width sign is meant
    "markdown": "# [Ada](javascript:alert(1)) | ``` **x**",
    "template": "{{ 7 * 7 }}{% raw %}",
}
NAMES = [
    "Ada Lovelace",
    "Ben Okri",
    "Chinua Achebe",
    "Dorothy Vaughan",
    "Elif Şafak",
    "Fernando Pessoa",
    "Grace Hopper",
    "Hannah Arendt",
    "Italo Calvino",
    "Jorge Luis Borges",
    "Katherine Johnson",
    "Lu Xun 鲁迅",
    "Mary Shelley",
    "Naguib Mahfouz نجيب محفوظ",
    "Octavia Butler",
    "Pablo Neruda",
    "Quintus Horatius",
    "Rabindranath Tagore",
    "Sei Shōnagon",
    "Toni Morrison",
]
TITLES = [
    "Introduction to FastAPI",
    "Path Operations Basics",
    "Path Parameters",
    "Query Parameters",
    "Request Bodies",
    "Responses",
    "Error Handling",
    "Interactive Documentation",
]
MOMENT = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)


@dataclass
class Made:
    """Results by number, as a store gives them."""

    results: dict[int, Judged] = field(default_factory=dict)

    def keep(self, report: TopicReport, one: Receipt) -> int:
        """Keep a result and give its number."""
        self.results[len(self.results) + 1] = (report, one)
        return len(self.results)


def topic_lines(sections: Sequence[str] = ("5.1",), count: int = 3) -> tuple[TopicLine, ...]:
    """Make a manifest."""
    return tuple(
        TopicLine(
            f"{section}.{number}",
            TITLES[(number - 1) % len(TITLES)],
            (
                TaskLine("list", "List the books", 1),
                TaskLine("lend", "Lend a book", 2),
                TaskLine("drop", "Take a book back", 1),
            ),
        )
        for section in sections
        for number in range(1, count + 1)
    )


def report_of(
    topic: TopicLine, verdicts: Mapping[str, Verdict], card: Card = STATUS, seconds: float = 0.4
) -> TopicReport:
    """Make a report: two checks a task, the second holds the card where the task did not pass."""
    tasks = []
    for task in topic.tasks:
        verdict = verdicts.get(task.id, Verdict.PASSED)
        has_card = verdict in (Verdict.FAILED, Verdict.TIMEOUT, Verdict.ERROR)
        first = Verdict.PASSED if has_card else verdict
        checks = (
            CheckResult(id=f"test_{task.id}_answers", title=f"{task.title}.", verdict=first),
            CheckResult(
                id=f"test_{task.id}_rejects",
                title=f"{task.title}: what is wrong is refused.",
                verdict=verdict,
                seconds=0.1,
                card=card if has_card else None,
            ),
        )
        waits = ("list",) if verdict is Verdict.BLOCKED else ()
        tasks.append(
            TaskResult(
                id=task.id,
                title=task.title,
                verdict=verdict,
                points=task.points,
                checks=checks,
                blocked_by=waits,
            )
        )
    worst = next((one.verdict for one in tasks if one.verdict is not Verdict.PASSED), None)
    whole = SYNTAX if worst is Verdict.BROKEN else None
    return TopicReport(
        topic=topic.id,
        title=topic.title,
        verdict=worst or Verdict.PASSED,
        tasks=tuple(tasks),
        card=whole,
        seed=7,
        seconds=seconds,
    )


def judged(
    made: Made, student: str, topic: TopicLine, report: TopicReport, *, trusted: bool = True
) -> Cell:
    """Make the cell of a report."""
    is_error = report.verdict is Verdict.ERROR
    return Cell(
        student=student,
        topic=topic.id,
        state=State.ERROR if is_error else State.JUDGED,
        verdict=report.verdict,
        earned={} if is_error else {task.id: task.earned for task in report.tasks},
        seconds=report.seconds,
        judged_at=MOMENT,
        result=made.keep(report, receipt(trusted=trusted)),
    )


def everything(*, trusted: bool = True) -> Gradebook:
    """Make a class of hostile names and plain ones in which each state occurs."""
    topics, made = topic_lines(), Made()
    first, second, third = topics
    failed = report_of(second, {"lend": Verdict.FAILED, "drop": Verdict.BLOCKED})
    rows = [
        Row(
            Student("ada", "Ada Lovelace", "ada@example.org", "ada", "A", columns={"ID": "101"}),
            {
                first.id: judged(made, "ada", first, report_of(first, {}), trusted=trusted),
                second.id: judged(made, "ada", second, failed, trusted=trusted),
                third.id: Cell("ada", third.id, State.ABSENT),
            },
            source="ada.zip",
            submitted_at=MOMENT,
            lms_id="101",
        ),
        Row(
            Student("ben", "Ben Okri", "ben@example.org"),
            {
                first.id: judged(
                    made, "ben", first, report_of(first, {"list": Verdict.ERROR}), trusted=trusted
                ),
                second.id: Cell("ben", second.id, State.PENDING),
                third.id: judged(
                    made,
                    "ben",
                    third,
                    report_of(third, dict.fromkeys(("list", "lend", "drop"), Verdict.BROKEN)),
                    trusted=trusted,
                ),
            },
            source="ben",
            lms_id="102",
        ),
        Row(
            Student("cleo", "Cleo", standing=Standing.UNKNOWN),
            {topic.id: Cell("cleo", topic.id, State.REFUSED) for topic in topics},
            source="cleo.zip",
            lms_id="103",
            findings=(
                Finding(
                    FindingKind.ESCAPE, "The archive leaves its folder: ../x.", "cleo", refused=True
                ),
            ),
        ),
    ]
    rows += [
        Row(
            Student(f"h-{name}", text, columns={"Note": text}),
            {topic.id: judged(made, f"h-{name}", topic, report_of(topic, {})) for topic in topics},
            source=text,
            findings=(Finding(FindingKind.RESULT_FILE, f"{text} is ignored.", f"h-{name}"),),
        )
        for name, text in HOSTILE.items()
    ]
    return book(topics, rows, made, trusted=trusted)


def large(students: int = 30, *, trusted: bool = True) -> Gradebook:
    """Make a class of three sections by chance, always the same."""
    chance = random.Random(4)
    topics, made = topic_lines(("5.1", "5.7", "5.8"), 8), Made()
    names = [*NAMES, *HOSTILE.values(), *(f"Student {one}" for one in range(students))][:students]
    rows = []
    for number, name in enumerate(names):
        id = f"s{number:03}"
        skill, cells, found = chance.random(), {}, []
        if number == 5:
            found.append(Finding(FindingKind.BOMB, "The archive grows to 10 GB.", id, refused=True))
        for place, topic in enumerate(topics):
            draw = chance.random()
            if number == 5:
                cells[topic.id] = Cell(id, topic.id, State.REFUSED)
            elif number == 11 or (place > 18 and draw < 0.3):
                cells[topic.id] = Cell(id, topic.id, State.ABSENT)
            elif draw > 0.985:
                cells[topic.id] = Cell(id, topic.id, State.PENDING)
            else:
                cells[topic.id] = _drawn(chance, made, id, topic, skill)
        if number % 9 == 4:
            found.append(
                Finding(FindingKind.TEST_SETTINGS, "conftest.py is ignored.", id, topics[0].id)
            )
        section = "AB"[number % 2]
        rows.append(
            Row(
                Student(id, name, f"{id}@example.org", section=section),
                cells,
                source=None if number == 11 else f"{id}.zip",
                submitted_at=MOMENT,
                findings=tuple(found),
            )
        )
    return book(topics, rows, made, trusted=trusted)


def _drawn(chance: random.Random, made: Made, id: str, topic: TopicLine, skill: float) -> Cell:
    hard = skill * 0.7 + 0.5 - int(topic.id[-1]) * 0.03
    verdicts = {
        task.id: Verdict.PASSED if chance.random() < hard else Verdict.FAILED
        for task in topic.tasks
    }
    draw = chance.random()
    if draw < 0.03:
        verdicts = dict.fromkeys(verdicts, Verdict.BROKEN)
    elif draw < 0.05:
        verdicts = dict.fromkeys(verdicts, Verdict.TIMEOUT)
    elif draw < 0.06:
        verdicts = dict.fromkeys(verdicts, Verdict.ERROR)
    return judged(
        made, id, topic, report_of(topic, verdicts, STATUS, round(chance.uniform(0.1, 2), 2))
    )


def book(
    topics: tuple[TopicLine, ...], rows: Sequence[Row], made: Made, *, trusted: bool = True
) -> Gradebook:
    """Put a class together."""
    return Gradebook(
        topics=topics,
        rows=tuple(rows),
        findings=tuple(one for row in rows for one in row.findings),
        sandbox=("bubblewrap",) if trusted else ("none",),
        trusted=trusted,
        seed=7,
        latest=MOMENT,
        load=made.results.__getitem__,
    )
