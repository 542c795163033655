"""Import the learner's entry point, or say why that does not work."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from .facts import Problem
from .problems import encoding_problem, explain
from .recorder import App
from .sources import Sources


class LoadError(Exception):
    """Carry the problem that kept the app from loading."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem["message"])
        self.problem = problem


def load_app(entry: str, sources: Sources) -> App:
    """Import `module:attribute` and give the ASGI app; LoadError tells what is in the way."""
    module_name, _, attribute = entry.partition(":")
    module = load_module(module_name, sources)
    return _find_app(module, attribute or "app", sources)


def load_module(name: str, sources: Sources) -> ModuleType:
    """Import a module of the learner's, its file looked at first."""
    file = module_file(name, sources)
    if file is not None:
        _look_at(file, sources)
    elif not (sources.folder / name.replace(".", "/")).is_dir():
        raise LoadError(_missing_file(name, sources))
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise LoadError(explain(error, sources)) from error


def module_file(name: str, sources: Sources) -> Path | None:
    """Find the file of a module in the lab's folder."""
    base = sources.folder / name.replace(".", "/")
    for file in (base.with_name(base.name + ".py"), base / "__init__.py"):
        if file.is_file():
            return file
    return None


def _missing_file(name: str, sources: Sources) -> Problem:
    file = name.replace(".", "/") + ".py"
    return {
        "kind": "no_app",
        "message": f"{file} does not exist",
        "file": file,
        "names": sources.files(),
        "missing_file": True,
    }


def _look_at(file: Path, sources: Sources) -> None:
    path = file.relative_to(sources.folder).as_posix()
    data = file.read_bytes()
    if (problem := encoding_problem(path, data)) is not None:
        raise LoadError(problem)
    if not data.removeprefix(b"\xef\xbb\xbf").strip() and file.name != "__init__.py":
        raise LoadError({"kind": "empty_file", "message": f"{path} is empty", "file": path})


def _find_app(module: ModuleType, attribute: str, sources: Sources) -> App:
    file = sources.relative(getattr(module, "__file__", None) or "<none>") or module.__name__
    found: object = module
    for part in attribute.removesuffix("()").split("."):
        found = getattr(found, part, None)
    if attribute.endswith("()") and callable(found):
        found = _call(found, sources)
    if is_app(found):
        return found
    raise LoadError(_no_app(module, attribute, found, file))


def _call(factory: Callable[[], object], sources: Sources) -> object:
    try:
        return factory()
    except Exception as error:
        raise LoadError(explain(error, sources)) from error


def is_app(value: object) -> TypeGuard[App]:
    """Tell whether a server can serve this value as an ASGI app."""
    from starlette.applications import Starlette
    from starlette.routing import Router

    if isinstance(value, Starlette):
        return True
    if isinstance(value, Router | type | ModuleType):
        return False
    if inspect.iscoroutinefunction(value):
        return True
    return inspect.iscoroutinefunction(getattr(type(value), "__call__", None))  # noqa: B004


def _no_app(module: ModuleType, attribute: str, found: object, file: str) -> Problem:
    names = _public(module)
    apps = [name for name in names if _is_starlette(getattr(module, name, None))]
    if apps:
        message = f"{attribute} is not the app in {file}, but {', '.join(apps)}"
        return {"kind": "renamed_app", "message": message, "file": file, "names": apps}
    factories = [name for name in names if _makes_app(getattr(module, name, None), module)]
    if factories:
        message = f"{file} has no app, only {', '.join(factories)}() that makes one"
        return {"kind": "app_factory", "message": message, "file": file, "names": factories}
    message = f"{file} has no {attribute}"
    if found is not None:
        message = f"{attribute} in {file} is of type {type(found).__name__}, not a FastAPI app"
    return {
        "kind": "no_app",
        "message": message,
        "file": file,
        "names": names,
        "missing_file": False,
    }


def _public(module: ModuleType) -> list[str]:
    """List the names that the module itself defines, imports left out."""
    return [
        name
        for name, value in vars(module).items()
        if _is_starlette(value)
        or (
            not name.startswith("_")
            and not isinstance(value, ModuleType)
            and getattr(value, "__module__", module.__name__) == module.__name__
        )
    ]


def _is_starlette(value: object) -> bool:
    from starlette.applications import Starlette

    return isinstance(value, Starlette)


def _makes_app(value: object, module: ModuleType) -> bool:
    if not inspect.isfunction(value) or value.__module__ != module.__name__:
        return False
    returns = value.__annotations__.get("return")
    if getattr(returns, "__name__", returns) in ("FastAPI", "Starlette"):
        return True
    return "FastAPI" in value.__code__.co_names
