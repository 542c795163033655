"""The broken apps of a topic: each is told, fits, parses, and is unlike the others.

That each loads and is noticed by the solution's tests is what the judge says of the solution.
"""

import ast

from checker.authoring.answers import unparsable_file
from checker.authoring.subject import Subject
from checker.catalog.bugs import Bugs, read_bugs
from checker.edits import Edit
from checker.errors import CurriculumError
from checker.files import Tree

LEAST_BUGS = 5


def check_bugs(subject: Subject) -> list[str]:
    """Prove that there are enough broken apps, if there are any, and that each is a broken app."""
    place = subject.name(subject.rooms.bugs)
    try:
        bugs = read_bugs(subject.rooms.bugs, subject.rooms.lab)
    except CurriculumError as error:
        return [f"{subject.name(subject.rooms.bugs.parent)}/{error.message}. {error.remedy}"]
    if bugs is None:
        return []
    problems = _check_amount(bugs, [task.id for task in subject.lesson.tasks])
    seen = {_design(dict(bugs.given)): "the correct app"}
    for same in bugs.same:
        tree = _apply(bugs, f"same ({same.says})", same.edits, problems)
        if tree is not None:
            seen.setdefault(_design(tree), f"the same app ({same.says})")
    for bug in bugs.bug:
        tree = _apply(bugs, bug.id, bug.edits, problems)
        if tree is None:
            continue
        if (other := seen.setdefault(_design(tree), bug.id)) is not bug.id:
            problems.append(f"{bug.id} is {other} again; break something else.")
    return [f"{place}: {problem}" for problem in problems]


def count_bugs(subject: Subject) -> int:
    """Count the broken apps of a topic."""
    try:
        bugs = read_bugs(subject.rooms.bugs, subject.rooms.lab)
    except CurriculumError:
        return 0
    return len(bugs.bug) if bugs else 0


def _check_amount(bugs: Bugs, tasks: list[str]) -> list[str]:
    ids = [bug.id for bug in bugs.bug]
    problems = [f"{name} appears twice." for name in sorted(set(ids)) if ids.count(name) > 1]
    problems += [
        f"{bug.id} names the unknown task {bug.task}." for bug in bugs.bug if bug.task not in tasks
    ]
    sentences = [bug.says for bug in bugs.bug]
    problems += [
        f"{bug.id} says the same as another." for bug in bugs.bug if sentences.count(bug.says) > 1
    ]
    if len(ids) < LEAST_BUGS:
        problems.append(f"add broken apps: {len(ids)} of {LEAST_BUGS} are there.")
    return problems


def _apply(bugs: Bugs, name: str, edits: tuple[Edit, ...], problems: list[str]) -> Tree | None:
    """Make a copy of the app, or note why that does not work."""
    try:
        tree = bugs.broken(edits)
    except CurriculumError as error:
        problems.append(f"{name} does not fit: {error.message}. {error.remedy}")
        return None
    if fault := unparsable_file(tree):
        problems.append(f"{name} does not parse: {fault}; correct `replace`.")
        return None
    return tree


def _design(tree: Tree) -> str:
    """Give what Python sees of an app, so that comments and layout make no difference."""
    return repr(
        {
            name: ast.dump(ast.parse(content)) if name.endswith(".py") else content
            for name, content in sorted(tree.items())
        }
    )
