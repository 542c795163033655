"""The call that a frame is in: a function written in C has no frame of its own."""

import ast
import linecache
from collections.abc import Callable
from types import FrameType


def called_name(frame: FrameType) -> str:
    """Name the call that a frame is in, as `time.sleep`; empty when it is in no call."""
    segment = _segment(frame)
    try:
        node = ast.parse(segment, mode="eval").body if segment else None
    except SyntaxError:
        return ""
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return ""
    written = ast.unparse(node.func)
    found = _resolve(written, frame)
    module = getattr(found, "__module__", None)
    name = getattr(found, "__qualname__", None)
    if isinstance(module, str) and isinstance(name, str) and module != "builtins":
        return f"{module}.{name}"
    return written


def _segment(frame: FrameType) -> str:
    positions = list(frame.f_code.co_positions())
    index = frame.f_lasti // 2
    if not 0 <= index < len(positions):
        return ""
    line, end_line, column, end_column = positions[index]
    if line is None or end_line is None or column is None or end_column is None:
        return ""
    lines = linecache.getlines(frame.f_code.co_filename)[line - 1 : end_line]
    if not lines:
        return ""
    data = [text.encode() for text in lines]
    data[-1] = data[-1][:end_column]
    data[0] = data[0][column:]
    return b"".join(data).decode(errors="replace").strip()


def _resolve(name: str, frame: FrameType) -> Callable[..., object] | None:
    first, *rest = name.split(".")
    found: object = frame.f_locals.get(first, frame.f_globals.get(first))
    for part in rest:
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    return found if callable(found) else None
