"""Answers to what the judge asks while the app serves, from a thread of their own."""

import asyncio
import importlib
import inspect
import os
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator

from .facts import Stall
from .instruments import Instruments
from .routes import route_facts
from .values import jsonable
from .wire import Wire
from .written import written_routes


class MissingError(Exception):
    """Say that the target of a call does not exist; `names` are those that do."""

    def __init__(self, target: str, names: list[str]) -> None:
        super().__init__(target)
        self.answer: dict[str, object] = {"missing": {"target": target, "names": names}}


class Questions:
    """Answer questions about one launch.

    Args:
        instruments: what was seen so far.
        stalls: gives the stalls seen so far.
        stop: begins a graceful stop.
    """

    def __init__(
        self,
        instruments: Instruments,
        stalls: Callable[[], list[Stall]],
        stop: Callable[[], None],
    ) -> None:
        self._instruments = instruments
        self._stalls = stalls
        self._stop = stop
        self._loop: asyncio.AbstractEventLoop | None = None

    def serve(self, wire: Wire, loop: asyncio.AbstractEventLoop | None) -> None:
        """Begin to answer; the process ends at once when the connection closes."""
        self._loop = loop
        threading.Thread(target=self._answer_all, args=(wire,), daemon=True).start()

    def _answer_all(self, wire: Wire) -> None:
        try:
            for question in wire:
                wire.send({"reply": question.get("id"), **self._answer(question)})
                if question.get("op") == "stop":
                    self._stop()
        finally:
            os._exit(0)

    def _answer(self, question: dict[str, object]) -> dict[str, object]:
        seen = self._instruments
        match question.get("op"):
            case "call":
                return self._call(question)
            case "request":
                return {"value": seen.facts_of(str(question.get("request")))}
            case "routes":
                return {"value": route_facts(seen.app, seen.sources)}
            case "written":
                return {"value": written_routes(seen.sources)}
            case "sql":
                return {"value": list(seen.statements)}
            case "exceptions":
                return {"value": list(seen.exceptions)}
            case "stalls":
                return {"value": self._stalls()}
            case _:
                return {"value": None}

    def _call(self, question: dict[str, object]) -> dict[str, object]:
        target = str(question.get("target"))
        try:
            result = invoke(target, question)
            return {"value": jsonable(self._settle(result))}
        except MissingError as missing:
            return missing.answer
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001  # SystemExit of the learner's included
            return {"raised": self._instruments.sources.raised(error)}

    def _settle(self, result: object) -> object:
        """Await what can be awaited and collect what generates."""
        if inspect.isawaitable(result) or isinstance(result, AsyncIterator):
            if self._loop is None:
                raise RuntimeError("this launch has no event loop of its own")
            work = collect(result) if isinstance(result, AsyncIterator) else wait_for(result)
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        if isinstance(result, Iterator):
            return list(result)
        return result


async def collect(values: AsyncIterable[object]) -> object:
    """Give the values of an asynchronous generator as a list."""
    return [value async for value in values]


async def wait_for(awaitable: object) -> object:
    """Await anything that can be awaited."""
    return await awaitable  # type: ignore[misc]


def invoke(target: str, question: dict[str, object]) -> object:
    """Call the target with the question's arguments."""
    function = find_target(target)
    args, kwargs = question.get("args") or [], question.get("kwargs") or {}
    if not callable(function) or not isinstance(args, list) or not isinstance(kwargs, dict):
        raise TypeError(f"{target} is not a function")
    result: object = function(*args, **kwargs)
    return result


def find_target(target: str) -> object:
    """Find `module:name` or `module:Class.name`; MissingError lists the names that exist."""
    module_name, _, path = target.partition(":")
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name + ".").startswith(error.name + "."):
            raise MissingError(target, []) from error
        raise
    for part in path.split("."):
        if not hasattr(found, part):
            raise MissingError(target, callables(found))
        found = getattr(found, part)
    return found


def callables(home: object) -> list[str]:
    """List the functions and classes that a module or class defines itself."""
    own = getattr(home, "__name__", None)
    return [
        name
        for name, value in vars(home).items()
        if callable(value) and not name.startswith("_")
        if isinstance(home, type) or getattr(value, "__module__", None) == own
    ]
