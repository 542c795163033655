"""Tell why pytest found no test where there should be one, from the text of the file."""

import ast
import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from checker.judge.diagnosis.values import join_words
from checker.judge.evidence import Region

Reason = tuple[str, str, int | None]
Rules = Mapping[str, list[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef

TWICE = (
    "`{0}` is defined twice in this file, and the second replaces the first.",
    "Give each test a name of its own.",
)


def why_undiscovered(region: Region, text: str, rules: Rules, found: int = 0) -> Reason:
    """Give a sentence on the cause, the step that mends it, and the line if there is one.

    `found` tests of the region are not enough.
    """
    return (
        _of_place(region.file, rules)
        or next(_of_functions(region, text, rules), None)
        or (f"The region holds no {'other test' if found else 'test yet'}.", _STEP, region.first)
    )


_STEP = "Write a function here whose name begins with `test`."


def _of_place(file: str, rules: Rules) -> Reason | None:
    name = PurePosixPath(file).name
    patterns = rules.get("python_files") or ["test_*.py", "*_test.py"]
    if not any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
        names = join_words([f"`{pattern}`" for pattern in patterns], "or")
        return (
            f"pytest does not look into {file}: it takes files whose names are like {names}.",
            f"Give {file} such a name.",
            None,
        )
    places = [place.strip("/") for place in rules.get("testpaths") or ["."]]
    if not any(place == "." or (file + "/").startswith(place + "/") for place in places):
        where = join_words([f"`{place}`" for place in places])
        return (
            f"pytest looks in {where} only, as `testpaths` says, and {file} is not there.",
            "Move the file there, or name its folder in `testpaths`.",
            None,
        )
    return None


def _of_functions(region: Region, text: str, rules: Rules) -> Iterator[Reason]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    names = [node.name for node in tree.body if isinstance(node, Function)]
    for node, parents in _walk(tree, ()):
        line = getattr(node, "lineno", 0)
        if not region.first <= line <= region.last:
            continue
        if isinstance(node, Function):
            yield from _of_function(node, parents, rules)
            if names.count(node.name) > 1:
                yield TWICE[0].format(node.name), TWICE[1], line
        elif isinstance(node, ast.Assert) and not any(isinstance(p, Function) for p in parents):
            yield "An `assert` outside of a function is no test.", _STEP, line


def _of_function(node: Function, parents: tuple[ast.AST, ...], rules: Rules) -> Iterator[Reason]:
    outer = next((one for one in parents if isinstance(one, Function)), None)
    home = next((one for one in parents if isinstance(one, ast.ClassDef)), None)
    named = _begins(node.name, rules.get("python_functions") or ["test"])
    if outer is not None and named:
        words = f"`{node.name}` is defined inside of `{outer.name}`, where pytest does not look."
        yield words, "Indent it less, so that it stands at the top level of the file.", node.lineno
    elif outer is None and not named and not _is_helper(node):
        words = f"`{node.name}` is no test for pytest: its name does not begin with `test`."
        yield words, f"Name it `test_{node.name.removeprefix('check_')}`.", node.lineno
    elif home is not None:
        yield from _of_class(home, rules)


def _of_class(home: ast.ClassDef, rules: Rules) -> Iterator[Reason]:
    if not _begins(home.name, rules.get("python_classes") or ["Test"]):
        words = f"pytest passes over the class `{home.name}`: its name does not begin with `Test`."
        yield words, f"Name it `Test{home.name.removesuffix('Tests')}`.", home.lineno
    if any(isinstance(one, Function) and one.name == "__init__" for one in home.body):
        words = f"pytest passes over the class `{home.name}`, because it has an `__init__`."
        yield words, "Remove the `__init__`; a fixture prepares what the tests need.", home.lineno


def _begins(name: str, patterns: list[str]) -> bool:
    return any(name.startswith(pattern) or fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _is_helper(node: Function) -> bool:
    """Tell whether a function is decorated, as fixtures are, asserts nothing, or is special."""
    inner = [one for child in node.body if isinstance(child, Function) for one in ast.walk(child)]
    asserts = any(isinstance(one, ast.Assert) and one not in inner for one in ast.walk(node))
    return bool(node.decorator_list) or node.name.startswith("_") or not asserts


def _walk(
    node: ast.AST, parents: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    for child in ast.iter_child_nodes(node):
        yield child, parents
        yield from _walk(child, (child, *parents))


def without_assertion(text: str, lines: Mapping[int, str]) -> list[str]:
    """List the tests (by the line they begin in) that can fail by no assertion of this file.

    A test that calls a function of the same file is left out: that may assert.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    own = {function.name for function in functions}
    found = []
    for function in functions:
        first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        if first in lines and not _can_fail(function, own):
            found.append(lines[first])
    return found


def _can_fail(function: Function, own: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = ("raise", "assert", "fail", "warns", "expect", "check")
            if name in own or any(word in name for word in words):
                return True
    return False
