"""Point 2: labs and solutions agree outside regions, and each task has its region.

A region is what the learner writes, between `# region <task>: <contract>` and `# endregion`.
"""

import re
from dataclasses import dataclass

from checker.authoring.subject import Subject
from checker.files import Tree, read_tree

_OPENING = re.compile(
    r"^\s*(?:#|//|--|;|<!--|\{#|/\*)\s*region\s+(?P<task>[\w-]+)(?P<contract>.*)$"
)
_CLOSING = re.compile(r"^\s*(?:#|//|--|;|<!--|\{#|/\*)\s*endregion\b")


@dataclass(frozen=True, slots=True)
class Outline:
    """A text without the bodies of its regions, and what was wrong with their marks.

    `frame` holds the lines outside regions and the marks themselves; `tasks` the regions' ids.
    """

    frame: tuple[str, ...]
    tasks: tuple[str, ...]
    problems: tuple[str, ...]


def outline_of(text: str) -> Outline:
    """Split a text at its regions. Problems start with the line number that they speak of."""
    frame: list[str] = []
    tasks: list[str] = []
    problems: list[str] = []
    opened: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        opening = _OPENING.match(line)
        closing = _CLOSING.match(line)
        if opening:
            if opened:
                problems.append(f"{number}: close region {opened[1]} before this one opens")
            if not _contract(opening["contract"]):
                problems.append(
                    f"{number}: say the contract of region {opening['task']} in one sentence "
                    f"after `# region {opening['task']}: `"
                )
            opened = number, opening["task"]
            tasks.append(opening["task"])
        if closing and opened is None:
            problems.append(f"{number}: remove this endregion, no region is open")
        if opening or closing or opened is None:
            frame.append(line.rstrip())
        if closing:
            opened = None
    if opened:
        problems.append(f"{opened[0]}: close region {opened[1]} with `# endregion`")
    return Outline(tuple(frame), tuple(tasks), tuple(problems))


def check_regions(subject: Subject) -> list[str]:
    """Prove that the files are the same outside regions and that region ids are task ids."""
    lab_name, solution_name = (
        subject.name(room) for room in (subject.rooms.lab, subject.rooms.solution)
    )
    lab, solution = read_tree(subject.rooms.lab), read_tree(subject.rooms.solution)
    problems = [
        f"{solution_name}/{name} is missing: add it, the lab has it."
        for name in sorted(lab.keys() - solution.keys())
    ]
    problems += [
        f"{lab_name}/{name} is missing: add it, the solution has it."
        for name in sorted(solution.keys() - lab.keys())
    ]
    for name in sorted(lab.keys() & solution.keys()):
        problems += _compare(name, lab[name], solution[name], (lab_name, solution_name))
    return problems + _check_ids(subject, solution, solution_name)


def _contract(rest: str) -> bool:
    """Tell whether the rest of an opening line is `: <contract>`."""
    return rest.startswith(":") and bool(rest[1:].strip(" -*/>#}"))


def _compare(name: str, lab: bytes, solution: bytes, places: tuple[str, str]) -> list[str]:
    texts = _text(lab), _text(solution)
    if texts[0] is None or texts[1] is None:
        same = lab == solution
        return [] if same else [f"{places[0]}/{name} is not text: make it equal to the solution's."]
    outlines = outline_of(texts[0]), outline_of(texts[1])
    problems = [
        f"{place}/{name}:{problem}."
        for place, outline in zip(places, outlines, strict=True)
        for problem in outline.problems
    ]
    if not problems and outlines[0].frame != outlines[1].frame:
        ours, theirs = _first_difference(outlines[0].frame, outlines[1].frame)
        problems.append(
            f"{places[0]}/{name} differs from the solution outside regions: "
            f"it has {ours!r} where the solution has {theirs!r}; make them equal."
        )
    if not problems and not outlines[0].tasks and lab != solution:
        problems.append(f"{places[0]}/{name} differs from the solution; make them equal.")
    return problems


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _first_difference(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str]:
    end = "the end of the file"
    for index in range(max(len(ours), len(theirs))):
        mine = ours[index] if index < len(ours) else end
        other = theirs[index] if index < len(theirs) else end
        if mine != other:
            return mine, other
    return end, end


def _check_ids(subject: Subject, solution: Tree, place: str) -> list[str]:
    tasks = [task.id for task in subject.lesson.tasks]
    seen: dict[str, str] = {}
    for name, content in solution.items():
        for task in outline_of(_text(content) or "").tasks:
            seen.setdefault(task, name)
    problems = [
        f"{place} has no region {task}: mark where the learner solves this task."
        for task in tasks
        if task not in seen
    ]
    problems += [
        f"{place}/{name}: region {task} is no task of {subject.name(subject.rooms.lesson)}; "
        "give both the same id."
        for task, name in seen.items()
        if task not in tasks
    ]
    return problems
