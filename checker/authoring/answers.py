"""Wrong and right answers: the data in tests/answers that proves a suite."""

import ast
from pathlib import Path

from pydantic import Field

from checker import edits
from checker.edits import Data, Edit, read_data
from checker.files import Tree, read_tree
from checker.kinds import Verdict


class WrongAnswer(Data):
    """A mistake that people make: the solution after some edits.

    `task` is the one that must get `verdict`; the card of it must say each of `says`.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    mistake: str
    task: str
    says: tuple[str, ...] = Field(min_length=1)
    edits: tuple[Edit, ...] = Field(min_length=1)
    verdict: Verdict = Verdict.FAILED


class _WrongAnswers(Data):
    wrong: tuple[WrongAnswer, ...]


def read_wrong_answers(answers: Path) -> tuple[WrongAnswer, ...]:
    """Read a topic's `wrong.toml`; none if it is not there.

    Raises:
        CurriculumError: it is not TOML or not of this shape.
    """
    path = answers / "wrong.toml"
    if not path.exists():
        return ()
    return read_data(path, _WrongAnswers).wrong


def apply_edits(solution: Tree, answer: WrongAnswer) -> Tree:
    """Make the wrong answer's files out of the solution's.

    Raises:
        CurriculumError: an edit does not fit the solution exactly once.
    """
    return edits.apply_edits(solution, answer.edits)


def unparsable_file(tree: Tree) -> str | None:
    """Find the first Python file that does not parse: `name:line: message`, or None."""
    for name, content in tree.items():
        if name.endswith(".py"):
            try:
                compile(content, name, "exec", dont_inherit=True)
            except SyntaxError as error:
                return f"{name}:{error.lineno}: {error.msg}"
            except ValueError as error:
                return f"{name}: {error}"
    return None


def right_answers(answers: Path) -> dict[str, Path]:
    """List the folders of the right answers by name."""
    folder = answers / "right"
    if not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()}


def is_same_design(one: Path, other: Path) -> bool:
    """Tell whether two labs differ at most in names, comments, docstrings and layout."""
    return _design(read_tree(one)) == _design(read_tree(other))


def _design(tree: Tree) -> dict[str, object]:
    return {
        name: _normalised(content) if name.endswith(".py") else content.split()
        for name, content in tree.items()
    }


def _normalised(source: bytes) -> str:
    """Dump the syntax tree, names numbered and docstrings left out."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source.decode(errors="replace")
    return ast.dump(_Normaliser().visit(tree))


_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class _Normaliser(ast.NodeTransformer):
    """Number the names that a program chooses by their first use, and drop its docstrings."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def _number(self, name: str) -> str:
        return self._numbers.setdefault(name, f"n{len(self._numbers)}")

    def visit(self, node: ast.AST) -> ast.AST:
        """Rewrite one node and all below it."""
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        if isinstance(node, ast.Name):
            node.id = self._number(node.id)
        elif isinstance(node, ast.arg):
            node.arg = self._number(node.arg)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.name = self._number(node.name)
        return self.generic_visit(node)
