"""Executors of other machines: a Dask cluster, or whatever the instructor plugs in."""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType

from checker.errors import EnvironmentFaultError, UsageError

FORMS = "`dask://HOST:PORT`, `package.module:factory` or `./file.py:factory`"


def open_executor(address: str) -> AbstractContextManager[Executor]:
    """Open the executor that an address names; it is closed with the context.

    Args:
        address: `dask://HOST:PORT` (`dask+tls://` with Dask's own certificates), or a factory of
            the instructor's: `package.module:factory` or `./file.py:factory`. The factory is
            called without arguments and gives a `concurrent.futures.Executor`, or a context
            manager that does.

    Raises:
        UsageError: it names nothing that can be used.
        EnvironmentFaultError: the cluster cannot be used; raised when the context is entered.
    """
    scheme, found, place = address.partition("://")
    if found:
        from checker.grading.dask import SCHEMES, open_dask

        if scheme not in SCHEMES or not place:
            raise UsageError(f"There is no executor {address!r}.", f"Name it as {FORMS}.")
        return open_dask(f"{SCHEMES[scheme]}://{place}")
    return _plugged(address, _factory(address))


@contextmanager
def _plugged(address: str, factory: Callable[[], object]) -> Iterator[Executor]:
    try:
        made = factory()
    except Exception as error:
        raise EnvironmentFaultError(
            f"{address} raised {type(error).__name__}: {error}.",
            "Correct the factory; it is called without arguments.",
        ) from error
    if not isinstance(made, AbstractContextManager):
        raise _no_executor(address, made)
    with made as executor:
        if not callable(getattr(executor, "submit", None)):
            raise _no_executor(address, executor)
        yield executor


def _no_executor(address: str, value: object) -> UsageError:
    return UsageError(
        f"{address} gives a {type(value).__name__}, not an executor.",
        "Return a `concurrent.futures.Executor`, or a context manager that gives one.",
    )


def _factory(address: str) -> Callable[[], object]:
    """Find what an address names.

    Raises:
        UsageError: the module or the name in it does not exist.
    """
    name, _, attribute = address.rpartition(":")
    if not name or not attribute:
        raise UsageError(f"There is no executor {address!r}.", f"Name it as {FORMS}.")
    module = _file(Path(name)) if name.endswith(".py") else _module(name)
    factory = getattr(module, attribute, None)
    if not callable(factory):
        raise UsageError(f"{name} has no function {attribute!r}.", f"Name it as {FORMS}.")
    return factory  # type: ignore[no-any-return]


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise _unloadable(name, error) from error


def _file(path: Path) -> ModuleType:
    """Load a file; it is registered, so that what it defines can travel by its name."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", f"Name the executor as {FORMS}.")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        if sys.modules[path.stem] is module:
            del sys.modules[path.stem]
        raise _unloadable(str(path), error) from error
    return module


def _unloadable(name: str, error: Exception) -> UsageError:
    return UsageError(
        f"{name} cannot be imported: {type(error).__name__}: {error}.",
        "Install what it needs beside the workbook, or name a file: `./file.py:factory`.",
    )
