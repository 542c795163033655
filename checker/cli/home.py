"""What `checker` says when it is called alone: where you are and what to do next."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from checker.cli.ink import Ink

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.desk import Desk


def show_home(*, json: bool, plain: bool) -> None:
    """Print it."""
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.desk import Desk

    desk = Desk.locate()
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        print_json(_home(desk))
    else:
        write("\n".join(home_lines(desk, Ink(form))) + "\n")


def home_lines(desk: "Desk", ink: Ink) -> list[str]:
    """Say where the learner is and which commands lead on."""
    if not desk.workspace.exists:
        return [
            "You have no workspace yet.",
            f"{ink('bold', 'checker start')} makes one in {shown(desk.root)}.",
            *activation(),
        ]
    earned, points = _points(desk)
    lines = [f"Points: {earned} of {points}. Workspace: {shown(desk.root)}"]
    if desk.path is not None:
        lines.append(f"Learning path: {desk.path.title}")
    if desk.notice:
        lines.append(ink("warn", desk.notice))
    topic = desk.next_open()
    if topic is None:
        return [*lines, "Every topic that is written so far is passed. `checker list` shows them."]
    return [*lines, *_next(desk, topic, ink)]


def _next(desk: "Desk", topic: "Topic", ink: Ink) -> list[str]:
    state = desk.state(topic)
    done = sum(task.passed for task in state.tasks)
    return [
        f"Next: {ink('bold', f'{topic.id} {topic.title}')}, {done} of {len(state.tasks)} done.",
        "",
        f"  edit this file        {shown(desk.spot(topic))}",
        f"  checker show {topic.id:<8} the lesson",
        "  checker watch         judges each save",
        "  checker hint          a hint that fits",
        "  checker list          all topics",
        *activation(),
    ]


def _points(desk: "Desk") -> tuple[int, int]:
    from checker.progress import earned_points

    return earned_points(desk.catalog, desk.progress)


def _home(desk: "Desk") -> dict[str, object]:
    topic = desk.next_open()
    earned, points = _points(desk)
    return {
        "workspace": str(desk.root),
        "exists": desk.workspace.exists,
        "earned": earned,
        "points": points,
        "path": desk.path.id if desk.path else None,
        "next": None
        if topic is None
        else {"id": topic.id, "title": topic.title, "folder": str(desk.workspace.folder(topic))},
    }


def activation() -> list[str]:
    """Say how to make `checker` a command of the shell, where it is not one yet."""
    if shutil.which("checker") or sys.prefix == sys.base_prefix:
        return []
    scripts = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")
    activate = shown(scripts / "activate")
    line = activate if os.name == "nt" else f"source {activate}"
    return ["", f"`{line}` makes checker a command of this shell."]


def shown(path: Path) -> str:
    """Give a path as short as it can be said: from the current folder, or from home."""
    here = Path.cwd()
    if path.is_relative_to(here):
        return os.path.relpath(path, here)
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
