"""Read the checks of a suite from its syntax tree; the suite is never imported here."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from checker.catalog.model import Check
from checker.errors import CurriculumError


def read_checks(path: Path, where: str, tasks: Collection[str]) -> tuple[Check, ...]:
    """List the checks in the order of the file.

    Args:
        path: the suite.
        where: its name in messages.
        tasks: the task ids that markers may name.

    Raises:
        CurriculumError: the suite is missing or not Python, or a test lacks its marker or
            docstring, names an unknown task, or shares its name with another.

    """
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except FileNotFoundError as error:
        raise CurriculumError(f"{where} does not exist.", f"Write {where}.") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise CurriculumError(f"{where}: cannot be read: {error}", f"Correct {where}.") from error
    checks: dict[str, Check] = {}
    for function in _tests(tree, where):
        check = _check(function, where, tasks)
        if check.id in checks:
            raise _wrong(where, function, "is defined twice")
        checks[check.id] = check
    return tuple(checks.values())


def _tests(tree: ast.Module, where: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            raise _wrong(where, node, "is a class; a suite holds plain functions")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test"):
                yield node
            elif _markers(node):
                raise _wrong(where, node, "has a task marker, but its name lacks `test_`")


def _check(
    function: ast.FunctionDef | ast.AsyncFunctionDef, where: str, tasks: Collection[str]
) -> Check:
    markers = _markers(function)
    if len(markers) != 1 or markers[0] is None:
        raise _wrong(where, function, 'needs one marker of the form @pytest.mark.task("id")')
    if markers[0] not in tasks:
        known = ", ".join(tasks)
        raise _wrong(where, function, f"names the unknown task {markers[0]!r}; known: {known}")
    docstring = ast.get_docstring(function)
    if not docstring or not docstring.strip():
        raise _wrong(where, function, "needs a docstring: the sentence that the learner reads")
    title = docstring.strip().splitlines()[0].strip()
    return Check(id=function.name, task=markers[0], title=title, line=function.lineno)


def _markers(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str | None]:
    found: list[str | None] = []
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called) != "pytest.mark.task":
            continue
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(name))], keywords=[]):
                found.append(name)
            case _:
                found.append(None)
    return found


def _wrong(
    where: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, problem: str
) -> CurriculumError:
    return CurriculumError(
        f"{where}:{node.lineno}: {node.name}: {problem}", f"Correct {where}, line {node.lineno}."
    )
