"""Find the suite's statement that failed, and the variables it used.

Nothing of the suite's text is ever shown; it only tells what part of an answer was asserted.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType

from checker.judge.evidence import Failure


class Scope:
    """The suite's function in which a check failed: its tree, the line, its local variables."""

    def __init__(self, function: ast.AST, line: int, values: Mapping[str, object]) -> None:
        self.function = function
        self.line = line
        self.values = values

    @classmethod
    def of(cls, failure: Failure) -> "Scope | None":
        """Find the failing line by the traceback; None if the suite is not on it."""
        found = _suite_frame(failure)
        if found is None:
            return None
        try:
            tree = _parse(found.tb_frame.f_code.co_filename)
        except (OSError, ValueError):
            return None
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        function = _innermost(tree, found.tb_lineno, functions) or tree
        return cls(function, found.tb_lineno, found.tb_frame.f_locals)

    def statement(self) -> ast.AST | None:
        """Give the statement that failed."""
        return _innermost(self.function, self.line, (ast.stmt,))

    def definition(self, name: str) -> ast.expr | None:
        """Give the expression last assigned to a variable before the failing line."""
        found: ast.expr | None = None
        for target, value, line in self._assignments():
            if line <= self.line and isinstance(target, ast.Name) and target.id == name:
                found = value
        return found

    def _assignments(self) -> Iterator[tuple[ast.expr, ast.expr, int]]:
        for node in ast.walk(self.function):
            match node:
                case ast.Assign(targets=[target], value=value):
                    yield target, value, node.lineno
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    yield target, value, node.lineno
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    yield target, value, value.lineno

    def statuses_asserted(self) -> tuple[set[int], bool]:
        """Give the statuses asserted before the failing line, and whether some were variables."""
        statuses: set[int] = set()
        with_variables = False
        for node in ast.walk(self.function):
            if isinstance(node, ast.Assert) and node.lineno < self.line:
                for compare in _status_comparisons(node.test):
                    numbers = {
                        part.value
                        for part in ast.walk(compare)
                        if isinstance(part, ast.Constant) and isinstance(part.value, int)
                    }
                    statuses |= numbers
                    with_variables = with_variables or not numbers
        return statuses, with_variables


@cache
def _parse(file: str) -> ast.Module:
    """Parse a suite once a process; it does not change while it runs."""
    return ast.parse(Path(file).read_text("utf-8"))


def _status_comparisons(test: ast.expr) -> Iterator[ast.Compare]:
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and any(
            isinstance(part, ast.Attribute) and part.attr == "status_code"
            for part in ast.walk(node)
        ):
            yield node


def _suite_frame(failure: Failure) -> TracebackType | None:
    """Give the last frame in the file of the test function."""
    frames = list(_walk(failure.error.__traceback__))
    name = failure.check.id.rpartition("::")[2].partition("[")[0]
    file = next(
        (f.tb_frame.f_code.co_filename for f in frames if f.tb_frame.f_code.co_name == name), None
    )
    inside = [frame for frame in frames if frame.tb_frame.f_code.co_filename == file]
    return inside[-1] if inside else None


def _walk(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def last_file(error: BaseException) -> str:
    """Give the path of the file in which an exception was raised."""
    frames = list(_walk(error.__traceback__))
    return frames[-1].tb_frame.f_code.co_filename if frames else ""


def _innermost(tree: ast.AST, line: int, kinds: tuple[type[ast.AST], ...]) -> ast.AST | None:
    found: ast.AST | None = None
    inside: ast.AST | None = tree
    while inside is not None:
        if isinstance(inside, kinds):
            found = inside
        inside = next((node for node in ast.iter_child_nodes(inside) if _holds(node, line)), None)
    return found


def _holds(node: ast.AST, line: int) -> bool:
    return getattr(node, "lineno", line + 1) <= line <= (getattr(node, "end_lineno", 0) or 0)
