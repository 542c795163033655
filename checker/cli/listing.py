"""`checker list`."""

from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli.ink import Ink
from checker.cli.options import JsonOption, PlainOption

if TYPE_CHECKING:
    from checker.catalog import Section, Topic
    from checker.desk import Desk
    from checker.progress import TopicState

app = typer.Typer(add_completion=False)


@app.command("list")
def list_topics(
    place: Annotated[
        str | None,
        typer.Argument(metavar="[SECTION]", help="5.2, or `all`; without it, what is written."),
    ] = None,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List sections and topics with where you stand in each.

    Topics that are not written yet are listed as coming.
    """
    from checker.cli.output import Form, choose_form, print_json, write
    from checker.desk import Desk

    desk = Desk.locate()
    form = choose_form(json=json, plain=plain)
    topics = desk.catalog.place(place) if place else desk.catalog.topics
    if form is Form.JSON:
        print_json({"sections": [_section(desk, one) for one in _sections(desk, topics)]})
    else:
        lines = list_lines(desk, Ink(form), topics, whole=place is not None)
        write("\n".join(lines) + "\n")


def list_lines(desk: "Desk", ink: Ink, topics: "tuple[Topic, ...]", *, whole: bool) -> list[str]:
    """Give a line for each topic; a section all to come is one line unless `whole`."""
    following = desk.next_open()
    lines: list[str] = []
    for section in _sections(desk, topics):
        states = [desk.state(topic) for topic in section.topics if topic in topics]
        if not whole and all(state.state == "coming" for state in states):
            lines.append(ink("dim", f"{section.id} {section.title}: coming"))
            continue
        passed = sum(state.state == "passed" for state in states)
        lines.append(
            f"{ink('bold', f'{section.id} {section.title}')}: {passed} of {len(states)} passed"
        )
        lines += [_line(state, ink, state.topic == following) for state in states]
    return lines


def _line(state: "TopicState", ink: Ink, following: bool) -> str:
    name = f"{state.topic.id} {state.topic.title}"
    done = sum(task.passed for task in state.tasks)
    said = state.state if not state.tasks else f"{done} of {len(state.tasks)} tasks"
    notes = [said]
    if not ink.terminal and state.tasks:
        notes.insert(0, state.state)
    if state.stale:
        notes.append("its tasks have changed since")
    if following:
        notes.append("next")
    if not ink.terminal:
        return f"  {name}: {', '.join(notes)}"
    return f"  {ink.mark(state.state)} {name:<46} {ink('dim', ', '.join(notes))}"


def _sections(desk: "Desk", topics: "tuple[Topic, ...]") -> "list[Section]":
    wanted = {topic.section_id for topic in topics}
    return [section for section in desk.catalog.sections if section.id in wanted]


def _section(desk: "Desk", section: "Section") -> dict[str, object]:
    states = [desk.state(topic) for topic in section.topics]
    return {
        "id": section.id,
        "title": section.title,
        "topics": [state_data(state) for state in states],
    }


def state_data(state: "TopicState") -> dict[str, object]:
    """Give a topic's state as plain data."""
    return {
        "id": state.topic.id,
        "slug": state.topic.slug,
        "title": state.topic.title,
        "state": state.state,
        "stale": state.stale,
        "earned": state.earned,
        "points": state.points,
        "tasks": [
            {"id": task.id, "title": task.title, "passed": task.passed} for task in state.tasks
        ],
    }
