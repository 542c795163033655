"""Point 1: title and focus items fit the outline, tasks are told and hinted, no file is stray.

Missing rooms are named whatever is asked; the catalog refuses what makes a lesson unreadable,
as unknown focus items and tasks without a check.
"""

from checker.authoring.subject import Subject
from checker.authoring.tree import stray_answers
from checker.catalog.lesson import Heading, headings, statement
from checker.catalog.model import Task

CLOSING_HEADINGS = ("Remember", "Sources")


def check_rooms(subject: Subject) -> list[str]:
    """Prove that the lesson says what the outline promises and that its answers are answers."""
    place = subject.name(subject.rooms.lesson)
    found = headings(subject.lesson.body)
    problems = _check_headings(subject, found) + _check_focus(subject)
    for task in subject.lesson.tasks:
        problems += _check_task(task, statement(subject.lesson.body, task.id))
    return [
        *(f"{place}: {problem}" for problem in problems),
        *stray_answers(subject.root, subject.rooms.answers),
    ]


def covered_focus(subject: Subject) -> set[str]:
    """Give the focus items of the outline that a task or a heading covers."""
    covered = {item for task in subject.lesson.tasks for item in task.covers}
    return covered | set(subject.lesson.headings)


def _check_headings(subject: Subject, found: list[Heading]) -> list[str]:
    problems = []
    title = f"{subject.topic.id} {subject.topic.title}"
    if [heading.text for heading in found if heading.level == 1] != [title]:
        problems.append(f"make `# {title}` its only heading of the first level.")
    if tuple(heading.text for heading in found)[-2:] != CLOSING_HEADINGS:
        problems.append("end it with the headings `## Remember` and `## Sources`.")
    return problems


def _check_focus(subject: Subject) -> list[str]:
    covered = covered_focus(subject)
    return [
        f"cover the focus item {item!r} by a task, or name its heading under `headings`."
        for item in subject.topic.focus
        if item not in covered
    ]


def _check_task(task: Task, text: str | None) -> list[str]:
    problems = []
    if not text:
        problems.append(f"state the task {task.id} below its heading.")
    if not 2 <= len(task.hints) <= 4:
        problems.append(f"give the task {task.id} 2 to 4 hints, it has {len(task.hints)}.")
    if not task.covers:
        problems.append(f"say under `covers` which focus items the task {task.id} exercises.")
    return problems
