"""Read from a suite's syntax tree what was asserted: a status, a header, a place in the body."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.judge.diagnosis.difference import EachEntry
from checker.judge.diagnosis.scope import Scope

MOST_STEPS = 30
SAME_CONTENT = frozenset({"sorted", "list", "set", "tuple", "max", "min", "sum", "float", "str"})
ATTRIBUTES = {
    "status_code": "status",
    "headers": "header",
    "cookies": "cookie",
    "text": "text",
    "content": "text",
    "elapsed": "duration",
    "log": "log",
    "sql": "sql",
    "output": "output",
    "code": "code",
    "close_code": "close_code",
    "close_reason": "close_reason",
}
METHODS = {
    "json": "body",
    "openapi": "body",
    "call": "value",
    "file": "file",
    "recv": "message",
    "recv_json": "message",
    "wait_closed": "close_code",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an expression of a suite denotes.

    `about` is one of status, header, cookie, body, text, duration, log, sql, value (of a called
    function), file, output and code (of a command), message, close_code and close_reason (of a
    WebSocket). `path` leads into the body or value, or names
    the header; `name` is the function called or the file read; `counted` says that only the length
    is looked at, `gathered` that it was sorted or the like; `variable` holds the response.
    """

    about: str
    path: tuple[object, ...] = ()
    name: str = ""
    counted: bool = False
    gathered: bool = False
    variable: str | None = None


class Resolver:
    """Follow an expression through the function's assignments to the answer it came from."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._steps = 0
        self._loops: dict[str, ast.expr] = dict(_loop_variables(scope.function))

    def resolve(self, node: ast.AST) -> Subject | None:
        """Give what an expression denotes; None if it is not about an answer."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            return None
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=value, attr=attr):
                return self._attribute(value, attr)
            case ast.Subscript(value=value, slice=key):
                return self._child(self.resolve(value), key)
            case ast.Call(func=function, args=args):
                return self._call(function, args)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node)
        return None

    def _name(self, name: str) -> Subject | None:
        if name in self._loops:
            inner = self.resolve(self._loops[name])
            return inner and replace(inner, path=(*inner.path, EachEntry))
        value = self._scope.definition(name)
        return self.resolve(value) if value is not None else None

    def _attribute(self, value: ast.expr, attr: str) -> Subject | None:
        about = ATTRIBUTES.get(attr)
        if about is None:
            return None
        return Subject(about, variable=value.id if isinstance(value, ast.Name) else None)

    def _call(self, function: ast.expr, args: list[ast.expr]) -> Subject | None:
        match function:
            case ast.Attribute(value=value, attr=attr) if attr in METHODS:
                variable = value.id if isinstance(value, ast.Name) else None
                name = args[0].value if args and isinstance(args[0], ast.Constant) else ""
                return Subject(METHODS[attr], name=str(name), variable=variable)
            case ast.Attribute(value=ast.Name(id="json"), attr="loads") if args:
                return self.resolve(args[0])
            case ast.Attribute(value=value, attr="get") if args:
                return self._child(self.resolve(value), args[0])
            case ast.Attribute(value=value):
                inner = self.resolve(value)
                return inner and replace(inner, gathered=True)
            case ast.Name(id="len") if args:
                inner = self.resolve(args[0])
                return inner and replace(inner, counted=True)
            case ast.Name(id=name) if name in SAME_CONTENT and args:
                inner = self.resolve(args[0])
                return inner and replace(inner, gathered=True)
        return None

    def _child(self, inner: Subject | None, key: ast.expr) -> Subject | None:
        if inner is None:
            return None
        match key:
            case ast.Constant(value=value):
                return replace(inner, path=(*inner.path, value))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
                return replace(inner, path=(*inner.path, -value))
            case ast.Name(id=name) if isinstance(self._scope.values.get(name), str | int):
                return replace(inner, path=(*inner.path, self._scope.values[name]))
        return replace(inner, path=(*inner.path, EachEntry))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Subject | None:
        for generator in node.generators:
            if isinstance(generator.target, ast.Name):
                self._loops[generator.target.id] = generator.iter
        inner = self.resolve(node.elt)
        return inner and replace(inner, gathered=True)


def _loop_variables(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            yield node.target.id, node.iter


def asserted_subject(scope: Scope) -> Subject | None:
    """Tell what the failing assertion looked at; for `x in answer` that is the answer."""
    statement = scope.statement()
    if not isinstance(statement, ast.Assert):
        return None
    test = statement.test
    while isinstance(test, ast.UnaryOp):
        test = test.operand
    resolver = Resolver(scope)
    if not isinstance(test, ast.Compare):
        return resolver.resolve(test)
    sides = [test.left, *test.comparators]
    if isinstance(test.ops[0], ast.In | ast.NotIn):
        container = resolver.resolve(test.comparators[0])
        return container or resolver.resolve(test.left)
    return next((found for side in sides if (found := resolver.resolve(side))), None)


def subscripts(scope: Scope) -> Iterator[Subject]:
    """Give every place that the failing statement reads by key or index, innermost first."""
    statement = scope.statement()
    nodes = (
        [node for node in ast.walk(statement) if isinstance(node, ast.Subscript)]
        if statement
        else []
    )
    for node in reversed(nodes):
        found = Resolver(scope).resolve(node)
        if found is not None:
            yield found
