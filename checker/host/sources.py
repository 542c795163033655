"""The learner's files, and exceptions as they look from there."""

import linecache
import os
from collections.abc import Iterator
from inspect import CO_COROUTINE
from pathlib import Path
from types import CodeType, FrameType, TracebackType

from .facts import Frame, Raised
from .values import validation_errors

LONGEST_MESSAGE = 8000
MOST_AWAITS = 200
_SUSPENDED = ("cr", "gi", "ag")
_FOREIGN = ("site-packages", "__pypackages__", ".venv", "venv", "node_modules")


class Sources:
    """Tell the learner's lines from all others; `folder` is the lab's folder, resolved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prefix = str(folder) + os.sep

    def relative(self, filename: str) -> str | None:
        """Give the path in the folder with forward slashes; None for a file of others."""
        if filename.startswith("<"):
            return None
        full = filename if Path(filename).is_absolute() else self._prefix + filename
        if not full.startswith(self._prefix):
            return None
        path = full[len(self._prefix) :].replace(os.sep, "/")
        return None if any(part in _FOREIGN for part in path.split("/")) else path

    def files(self) -> list[str]:
        """List the learner's Python files, those at the top first."""
        found = (self.relative(str(path)) for path in self.folder.rglob("*.py"))
        return sorted((path for path in found if path), key=lambda path: (path.count("/"), path))

    def frame(self, code: CodeType, line: int) -> Frame | None:
        """Describe a line of a running function; None when it is not the learner's."""
        file = self.relative(code.co_filename)
        if file is None:
            return None
        source = linecache.getline(code.co_filename, line).strip()
        return {"file": file, "line": line, "function": function_name(code), "source": source}

    def traceback(self, traceback: TracebackType | None) -> list[Frame]:
        """List the learner's lines in a traceback, innermost last."""
        frames = []
        while traceback is not None:
            frame = self.frame(traceback.tb_frame.f_code, traceback.tb_lineno)
            if frame is not None:
                frames.append(frame)
            traceback = traceback.tb_next
        return frames

    def stack(self, frame: FrameType | None) -> list[Frame]:
        """List the learner's lines on a stack, innermost last."""
        frames: list[Frame] = []
        while frame is not None:
            found = self.frame(frame.f_code, frame.f_lineno)
            if found is not None:
                found["is_async"] = bool(frame.f_code.co_flags & CO_COROUTINE)
                frames.insert(0, found)
            frame = frame.f_back
        return frames

    def suspended(self, awaitable: object) -> list[Frame]:
        """List the learner's lines at which a suspended coroutine stands, innermost last."""
        frames: list[Frame] = []
        for _ in range(MOST_AWAITS):
            kind = next((one for one in _SUSPENDED if hasattr(awaitable, f"{one}_frame")), None)
            if kind is None:
                break
            frame: FrameType | None = getattr(awaitable, f"{kind}_frame")
            found = frame and self.frame(frame.f_code, frame.f_lineno)
            if found:
                frames.append(found)
            inner = "yieldfrom" if kind == "gi" else "await"
            awaitable = getattr(awaitable, f"{kind}_{inner}")
        return frames

    def location(self, function: object) -> Frame | None:
        """Find where a function of the learner's is defined: its `def` line."""
        code = code_of(function)
        if code is None or self.relative(code.co_filename) is None:
            return None
        lines = linecache.getlines(code.co_filename)
        line = code.co_firstlineno
        for number, text in enumerate(lines[line - 1 :], line):
            if text.lstrip().startswith(("def ", "async def ", "class ", "lambda")):
                return self.frame(code, number)
            if not text.strip():
                break
        return self.frame(code, line)

    def raised(self, error: BaseException) -> Raised:
        """Describe an exception; of a group, the member that comes from the learner's code."""
        error = self.unwrap(error)
        frames: list[Frame] = []
        for link in chain(error):
            frames = self.traceback(link.__traceback__)
            if frames:
                break
        raised: Raised = {
            "type": type(error).__name__,
            "message": message_of(error),
            "frames": frames,
        }
        if (errors := validation_errors(error)) is not None:
            raised["errors"] = errors
        causes = [f"{type(link).__name__}: {message_of(link)}" for link in chain(error)][1:]
        if causes:
            raised["causes"] = causes
        return raised

    def unwrap(self, error: BaseException) -> BaseException:
        """Find the exception inside of groups that is the learner's, else the first one."""
        while isinstance(error, BaseExceptionGroup):
            members = error.exceptions
            theirs = [member for member in members if self._is_learners(member)]
            error = (theirs or list(members))[0]
        return error

    def _is_learners(self, error: BaseException) -> bool:
        if isinstance(error, BaseExceptionGroup):
            return any(self._is_learners(member) for member in error.exceptions)
        return bool(self.traceback(error.__traceback__))


def chain(error: BaseException) -> Iterator[BaseException]:
    """Walk from an exception to those that caused it."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def message_of(error: BaseException) -> str:
    """Give the text of an exception, also of one whose `__str__` is broken."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001  # any error of the learner's __str__
        return f"<{type(error).__name__} whose text cannot be made>"
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " …"


def function_name(code: CodeType) -> str:
    """Give the name of a function with its class, without the functions around it."""
    name: str = getattr(code, "co_qualname", code.co_name)
    return name.rsplit("<locals>.", 1)[-1]


def code_of(function: object) -> CodeType | None:
    """Find the code of a function behind decorators, partials, methods and callable objects."""
    for _ in range(20):
        if isinstance(getattr(function, "__code__", None), CodeType):
            wrapped = getattr(function, "__wrapped__", None)
            if wrapped is None:
                return getattr(function, "__code__", None)
            function = wrapped
            continue
        inner: object = (
            getattr(function, "__wrapped__", None)
            or getattr(function, "func", None)
            or getattr(function, "__func__", None)
        )
        if inner is None and callable(function) and not isinstance(function, type):
            inner = vars(type(function)).get("__call__")
        if inner is None:
            return None
        function = inner
    return None
