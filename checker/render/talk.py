"""A conversation that lasts, as lines: what client and app said, and when."""

from typing import NamedTuple

from checker.report import Card, ExchangeView, FrameView

LONGEST_LINE = 160
FIRST_LINES, LAST_LINES = 6, 14

LOST = {
    "app": "[connection cut, without a close frame]",
    "client": "[gone, without a close frame]",
}


class _Line(NamedTuple):
    """A line at its time, in milliseconds; it stands for so many frames."""

    at: float
    text: str
    frames: int = 1


def talk_lines(card: Card) -> list[str]:
    """Give one line a frame, those of several sockets in the order of their times."""
    views = _views(card)
    names = {id(one): f" {number}" for number, one in enumerate(views, 1)}
    if len(views) == 1:
        names = {id(views[0]): ""}
    first = min((one.began for one in views), default=0.0)
    lines = [line for one in views for line in _lines(one, names[id(one)], one.began - first)]
    return [line.text for line in _shorten(sorted(lines, key=lambda line: line.at))]


def talk_names(card: Card) -> dict[int, str]:
    """Give the comments that tell several clients' commands apart, by the identity of the view."""
    views = _views(card)
    if len(views) < 2:
        return {}
    return {id(one): f"  # client {number}" for number, one in enumerate(views, 1)}


def talk_label(card: Card) -> str:
    """Name what the lines are: frames of a WebSocket, bytes, or chunks of a stream."""
    methods = {one.method for one in _views(card)}
    return "frames" if "WEBSOCKET" in methods else "bytes" if "RAW" in methods else "chunks"


def _views(card: Card) -> list[ExchangeView]:
    asked = [*card.earlier, *([card.request] if card.request else [])]
    talks = [one for one in asked if one.frames]
    if any(one.method == "WEBSOCKET" for one in talks):
        talks = [one for one in asked if one.frames or one.method == "WEBSOCKET"]
    return sorted(talks, key=lambda one: one.began)


def _lines(view: ExchangeView, name: str, offset: float) -> list[_Line]:
    lines = []
    for frame in view.frames:
        at = frame.milliseconds + offset
        lines.append(_Line(at, f"{at:.0f} ms {_sender(frame, name)}: {_said(frame)}"))
    if view.omitted:
        at = view.frames[len(view.frames) // 3].milliseconds + offset
        lines.insert(len(lines) // 3, _more(at, view.omitted))
    return lines


def _shorten(lines: list[_Line]) -> list[_Line]:
    """Leave out the middle of what many clients said."""
    middle = lines[FIRST_LINES:-LAST_LINES]
    if len(middle) < 2:
        return lines
    more = _more(middle[0].at, sum(line.frames for line in middle))
    return [*lines[:FIRST_LINES], more, *lines[-LAST_LINES:]]


def _more(at: float, frames: int) -> _Line:
    return _Line(at, f"{at:.0f} ms ({frames} more)", frames)


def _sender(frame: FrameView, name: str) -> str:
    if frame.sender == "client":
        return f"client{name}"
    return f"app to client{name}" if name else "app"


def _said(frame: FrameView) -> str:
    match frame.kind:
        case "close":
            code, _, reason = frame.text.partition(" ")
            return f"[close {code}{': ' if reason else ''}{_line(reason)}]"
        case "lost":
            return LOST[frame.sender]
        case "ping" | "pong":
            return f"[{frame.kind}]"
    return _line(frame.text)


def _line(text: str) -> str:
    text = text.replace("\n", "\\n")
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
