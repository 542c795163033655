"""`checker progress`."""

from typing import TYPE_CHECKING

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.desk import Desk
    from checker.progress import TopicState

app = typer.Typer(add_completion=False)
BAR = 24


@app.command()
def progress(json: JsonOption = False, plain: PlainOption = False) -> None:
    """Sum up what you have reached: points, topics and tasks."""
    from checker.cli.listing import state_data
    from checker.cli.names import open_desk
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.progress import earned_points

    desk = open_desk()
    states = [desk.state(topic) for topic in desk.catalog.written]
    earned, points = earned_points(desk.catalog, desk.progress)
    form = choose_form(json=json, plain=plain)
    if form is Form.JSON:
        topics = [state_data(state) for state in states]
        print_json({"earned": earned, "points": points, "topics": topics})
    else:
        write("\n".join(_lines(desk, states, Ink(form))) + "\n")


def _lines(desk: "Desk", states: "list[TopicState]", ink: Ink) -> list[str]:
    earned = sum(state.earned for state in states)
    points = sum(state.points for state in states)
    tasks = [task for state in states for task in state.tasks]
    passed = sum(state.state == "passed" for state in states)
    done = sum(task.passed for task in tasks)
    lines = [f"Points: {earned} of {points}"]
    if ink.terminal:
        filled = BAR * earned // points if points else 0
        lines[0] += "  " + ink("good", "█" * filled) + ink("dim", "░" * (BAR - filled))
    lines.append(f"Topics: {passed} of {len(states)} passed; tasks: {done} of {len(tasks)}")
    lines.append(f"Checks: {len(desk.workspace.progress.attempts())}")
    for state in states:
        if state.state == "started":
            lines.append(_begun(state))
    if desk.notice:
        lines.append(ink("warn", desk.notice))
    return lines


def _begun(state: "TopicState") -> str:
    """Say how far a topic has come and which of its tasks is the first open one."""
    task = next(task.title for task in state.tasks if not task.passed)
    done = sum(task.passed for task in state.tasks)
    name = f"{state.topic.id} {state.topic.title}"
    return f"Begun: {name}, {done} of {len(state.tasks)} tasks; next: {task}"
