"""How a command says that it has replaced files of the learner's."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.workspace import Replaced


def tell_change(
    topic: "Topic", done: str, replaced: "Replaced", *, json: bool, plain: bool
) -> None:
    """Say what was done, which files were set aside, and how to take it back."""
    from checker.cli.output import Form, choose_form, print_json, write

    if choose_form(json=json, plain=plain) is Form.JSON:
        changed, aside = list(replaced.changed), list(replaced.aside)
        print_json({"topic": topic.id, "done": done, "changed": changed, "aside": aside})
        return
    lines = [done, *(f"Set aside, since no snapshot holds it: {name}" for name in replaced.aside)]
    if replaced.changed:
        files = ", ".join(replaced.changed)
        lines.append(f"Changed: {files}. `checker undo {topic.id}` takes it back.")
    else:
        lines.append("No file had to change.")
    write("\n".join(lines) + "\n")
