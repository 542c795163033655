"""Turn a lesson's front matter into tasks, hints, limits and lab settings, each proven."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from checker.catalog.fields import Fields
from checker.catalog.lesson import Heading, headings, split
from checker.catalog.model import Check, Hint, LabSpec, Lesson, Limits, Task, Topic
from checker.errors import CurriculumError
from checker.kinds import Kind
from checker.services.registry import SERVICES

if TYPE_CHECKING:
    from yaml import SafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TOP = ("jupyter", "tasks", "headings", "lab", "limits", "services")
_TASK = ("id", "title", "covers", "points", "requires", "hints")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = frozenset(kind.value for kind in Kind)


def parse_lesson(text: str, where: str, topic: Topic) -> Lesson:
    """Read a lesson; its tasks have no checks yet.

    Args:
        text: the whole file.
        where: its name in messages.
        topic: the topic whose focus items it may cover.

    Raises:
        CurriculumError: with the file and the key, whatever is wrong.

    """
    matter, body, _ = split(text)
    if matter is None:
        raise CurriculumError(
            f"{where}: no front matter: the file must begin with a block between two lines `---`.",
            f"Correct {where}.",
        )
    top = Fields(where, _load(matter, where), known=_TOP)
    tasks = _tasks(top, topic)
    found = headings(body)
    _prove_statements(top, tasks, found)
    return Lesson(
        tasks=tasks,
        headings=_covering_headings(top, topic, found),
        lab=_lab(top.child("lab", ("entry", "env", "preload"))),
        limits=_limits(top.child("limits", ("topic", "test", "startup", "request"))),
        body=body,
        services=_services(top),
    )


def with_checks(lesson: Lesson, checks: Iterable[Check], where: str) -> Lesson:
    """Hand each check to its task; a task without one could never be passed, so it is an error."""
    by_task: dict[str, list[Check]] = {task.id: [] for task in lesson.tasks}
    for check in checks:
        by_task[check.task].append(check)
    for task, own in by_task.items():
        if not own:
            raise CurriculumError(
                f"{where}: no check is marked with the task {task!r}.",
                f"Write a test for it in {where}.",
            )
    tasks = tuple(replace(task, checks=tuple(by_task[task.id])) for task in lesson.tasks)
    return replace(lesson, tasks=tasks)


def _load(matter: str, where: str) -> object:
    try:
        data: object = yaml.load(matter, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise CurriculumError(
            f"{where}{line}: the front matter is not valid YAML: {problem}",
            f"Correct {where}; quote texts that hold a colon.",
        ) from error
    return {} if data is None else data


def _tasks(top: Fields, topic: Topic) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for fields in top.children("tasks", _TASK):
        task = _task(fields, topic)
        earlier = [known.id for known in tasks]
        if task.id in earlier:
            fields.fail("id", f"{task.id!r} appears twice")
        for needed in task.requires:
            if needed not in earlier:
                fields.fail("requires", f"no task {needed!r} stands before {task.id!r}")
        tasks.append(task)
    if not tasks:
        top.fail("tasks", "a lesson needs at least one task")
    return tuple(tasks)


def _task(fields: Fields, topic: Topic) -> Task:
    task_id = fields.text("id")
    if not _NAME.fullmatch(task_id):
        fields.fail("id", f"{task_id!r} is not snake_case")
    covers = fields.texts("covers")
    for item in covers:
        _prove_focus(fields, "covers", item, topic)
    return Task(
        id=task_id,
        title=fields.text("title"),
        covers=covers,
        points=fields.integer("points", 1),
        requires=fields.texts("requires"),
        hints=tuple(_hint(hint) for hint in fields.children("hints", ("when", "text"))),
    )


def _hint(fields: Fields) -> Hint:
    when = fields.texts("when")
    for kind in when:
        if kind not in _KINDS:
            fields.fail("when", f"{kind!r} is no kind of failure; see checker/kinds.py")
    return Hint(text=fields.text("text"), when=when)


def _prove_focus(fields: Fields, key: str, item: str, topic: Topic) -> None:
    if item not in topic.focus:
        items = "; ".join(topic.focus)
        fields.fail(key, f"{item!r} is no focus item of {topic.id}; they are: {items}")


def _prove_statements(top: Fields, tasks: tuple[Task, ...], found: list[Heading]) -> None:
    stated = [heading.task for heading in found if heading.task]
    for task in tasks:
        titles = [title for name, title in stated if name == task.id]
        wanted = f"### Task: {task.title}  `{task.id}`"
        if len(titles) != 1:
            top.fail("tasks", f"the text must hold the heading {wanted!r} once")
        if titles[0] != task.title:
            top.fail("tasks", f"the heading of {task.id!r} says {titles[0]!r}, not {wanted!r}")
    for name, _ in stated:
        if name not in {task.id for task in tasks}:
            top.fail("tasks", f"the text states a task {name!r} that is not listed")


def _covering_headings(top: Fields, topic: Topic, found: list[Heading]) -> dict[str, str]:
    mapping = top.mapping("headings")
    texts = {heading.text for heading in found}
    for item, heading in mapping.items():
        _prove_focus(top, "headings", item, topic)
        if heading not in texts:
            top.fail(f"headings.{item}", f"the text has no heading {heading!r}")
    return mapping


def _lab(fields: Fields) -> LabSpec:
    entry = fields.text("entry", "app:app")
    if not re.fullmatch(r"[\w.]+:[\w.]+", entry):
        fields.fail("entry", f"{entry!r} is not of the form module:name")
    return LabSpec(
        entry=entry,
        env=fields.mapping("env"),
        preload=fields.texts("preload"),
    )


def _services(top: Fields) -> tuple[str, ...]:
    names = top.texts("services")
    for name in names:
        if name not in SERVICES:
            top.fail("services", f"there is no service {name!r}; known: {', '.join(SERVICES)}")
    return names


def _limits(fields: Fields) -> Limits:
    usual = Limits()
    return Limits(
        topic=float(fields.number("topic", usual.topic)),
        test=float(fields.number("test", usual.test)),
        startup=float(fields.number("startup", usual.startup)),
        request=float(fields.number("request", usual.request)),
    )
