"""The routes that the learner's files declare on routers, whether or not an app includes them."""

import ast
from collections.abc import Iterator

from .facts import RouteFacts
from .sources import Sources

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "websocket"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def written_routes(sources: Sources) -> list[RouteFacts]:
    """List the routes that stand below `@router.get("/...")` and the like, from the text alone.

    The path has the prefix that the router itself was given. What is not spelled out is left out.
    """
    found: list[RouteFacts] = []
    for file in sources.files():
        try:
            text = (sources.folder / file).read_text("utf-8")
            found += _routes(file, text.splitlines(), ast.parse(text))
        except (OSError, SyntaxError, ValueError):
            continue
    return found


def _routes(file: str, lines: list[str], module: ast.Module) -> Iterator[RouteFacts]:
    prefixes = dict(_routers(module))
    for function in module.body:
        if not isinstance(function, _Function):
            continue
        for decorator in function.decorator_list:
            match decorator:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr=method),
                    args=[ast.Constant(value=str(path)), *_],
                ) if name in prefixes and method in _METHODS:
                    yield {
                        "path": prefixes[name] + path,
                        "methods": [method.upper()],
                        "name": function.name,
                        "location": {
                            "file": file,
                            "line": function.lineno,
                            "function": function.name,
                            "source": lines[function.lineno - 1].strip(),
                        },
                    }


def _routers(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Name the module's routers, each with its prefix."""
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call)
            ) if ast.unparse(call.func).rpartition(".")[2] == "APIRouter":
                yield (
                    name,
                    next((_text(one.value) for one in call.keywords if one.arg == "prefix"), ""),
                )


def _text(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
