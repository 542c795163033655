"""Choose the next hint: one that fits the failure seen, gentler ones first, none twice."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from checker.catalog import Catalog, Hint, Task, Topic
from checker.kinds import Kind, Verdict
from checker.progress import EventKind, Progress
from checker.report import TopicReport

_READ_CARD = "Read the card's file and line first: the cause is there or just above it."
_LOADING: dict[Kind, tuple[str, ...]] = {
    Kind.SYNTAX_ERROR: (
        _READ_CARD,
        "Look for a bracket, quote or colon that is missing, also on the line before.",
    ),
    Kind.ENCODING: (
        "Save the file as UTF-8 without a byte order mark; editors offer it in `save`.",
    ),
    Kind.EMPTY_FILE: (
        "The file is empty: did your editor save it?",
        "`checker history` lists your earlier states; `checker reset` brings the start back.",
    ),
    Kind.IMPORT_ERROR: (
        "Compare the name in the import, letter by letter, with what the card suggests.",
        "A module of the lab itself is imported with a leading dot or by its file's name.",
    ),
    Kind.LOAD_ERROR: (
        _READ_CARD,
        "Code outside of functions runs when the file is loaded; this line raised there.",
    ),
    Kind.NO_APP: (
        "The checker looks for a variable `app` at the top level of the file.",
        "Write `app = FastAPI()` before the first route.",
    ),
    Kind.RENAMED_APP: ("Your app has another name; call the variable `app`.",),
    Kind.APP_FACTORY: ("Call the function and keep what it returns: `app = create_app()`.",),
    Kind.LIFESPAN: (
        _READ_CARD,
        "What stands before `yield` in the lifespan runs at start-up and must come to its end.",
    ),
    Kind.IMPORT_TIMEOUT: (
        "Something at the top level of the file runs without end: a loop, a sleep, a server.",
        "`uvicorn.run(...)` belongs below `if __name__ == '__main__':`, or nowhere.",
    ),
    Kind.STARTUP_TIMEOUT: (
        "The lifespan does not reach its `yield`: look for a wait or a loop before it.",
    ),
    Kind.TOPIC_TIMEOUT: ("All checks together took too long: look for a wait in a route.",),
}


@dataclass(frozen=True, slots=True)
class GivenHint:
    """A hint as it is shown: the `number`-th of the `total` that fit `task` (None: loading)."""

    text: str
    number: int
    total: int
    task: Task | None = None
    again: bool = False


def next_hint(
    tasks: Iterable[Task], report: TopicReport | None, shown: Collection[tuple[str, str]] = ()
) -> GivenHint | None:
    """Choose a hint for the first failure of a report.

    Hints whose `when` names the kind of the first card come before general ones; hints for other
    kinds are never given. A lab that does not load gets a hint about loading, unless the task
    that started it in another way has one for that.

    Args:
        tasks: the topic's tasks; those passed are left out.
        report: the newest verdict; without one, the first task's general hints.
        shown: (task id, text) of hints given before; the task id of a hint about loading is "".

    Returns:
        the next hint; when all that fit were shown, the last of them again; None when none fits.
    """
    task, texts = _fitting(tuple(tasks), report)
    if not texts:
        return None
    name = task.id if task else ""
    seen = [text for text in texts if (name, text) in shown]
    fresh = [text for text in texts if (name, text) not in shown]
    if fresh:
        return GivenHint(fresh[0], len(seen) + 1, len(texts), task)
    return GivenHint(texts[-1], len(texts), len(texts), task, again=True)


def give_hint(
    catalog: Catalog, progress: Progress, topic: Topic, report: TopicReport | None = None
) -> GivenHint | None:
    """Choose the next hint of a topic and record that it was shown.

    Args:
        catalog: the curriculum.
        progress: what was shown before.
        topic: the topic.
        report: the verdict to help with; the newest in the progress when absent.
    """
    report = report or progress.last_report(topic.id)
    events = progress.events(topic.id, EventKind.HINT)
    shown = {(event.task or "", event.detail) for event in events}
    hint = next_hint(catalog.lesson(topic).tasks, report, shown)
    if hint and not hint.again:
        task = hint.task.id if hint.task else None
        progress.note(EventKind.HINT, topic.id, task=task, detail=hint.text)
    return hint


def _fitting(
    tasks: tuple[Task, ...], report: TopicReport | None
) -> tuple[Task | None, tuple[str, ...]]:
    found = report.first_card() if report else None
    if found is None:
        task = _first_open(tasks, report)
        return task, tuple(_ordered(task.hints, None)) if task else ()
    result, _, card = found
    task = next((one for one in tasks if result and one.id == result.id), None)
    if task is None or (card.kind in _LOADING and not _is_known(task, card.kind)):
        return None, _LOADING.get(card.kind, ())
    return task, tuple(_ordered(task.hints, card.kind))


def _is_known(task: Task, kind: Kind) -> bool:
    """Tell whether a task expects this trouble: its own hints are closer than general ones."""
    return any(kind.value in hint.when for hint in task.hints)


def _first_open(tasks: tuple[Task, ...], report: TopicReport | None) -> Task | None:
    passed = {
        task.id for task in (report.tasks if report else ()) if task.verdict is Verdict.PASSED
    }
    return next((task for task in tasks if task.id not in passed), None)


def _ordered(hints: tuple[Hint, ...], kind: Kind | None) -> Iterator[str]:
    yield from (hint.text for hint in hints if kind is not None and kind.value in hint.when)
    yield from (hint.text for hint in hints if not hint.when)
