"""What the author's commands print for people."""

from typing import Protocol

from checker.authoring.verify import TopicResult, Verification
from checker.render.layout import count


def draw_verification(result: Verification) -> str:
    """Draw a line a topic, then what is left to do, then the sum."""
    lines = [_topic_line(topic) for topic in result.topics]
    for topic in result.topics:
        if topic.problems:
            lines += ["", f"{topic.id}: {count(len(topic.problems), 'problem')}"]
            lines += [f"  - {problem}" for problem in topic.problems]
    if result.problems:
        lines += ["", "stray files"]
        lines += [f"  - {problem}" for problem in result.problems]
    lines += ["", *(f"note: {note}" for note in result.notes), _sum(result)]
    return "\n".join(lines).strip("\n")


class Measured(Protocol):
    """What a benchmark gives."""

    def data(self) -> dict[str, object]:
        """Give the numbers by name."""


def draw_bench(result: Measured) -> str:
    """Draw the numbers that were measured and what their ratios mean."""
    data = result.data()
    width = max(len(name) for name in data)
    lines = [
        f"{name:{width}}  {value:.3f}" for name, value in data.items() if isinstance(value, float)
    ]
    return "\n".join([*lines, "ratios: cold pytest over ours, medians"])


def _topic_line(topic: TopicResult) -> str:
    return (
        f"{topic.id:8}{'ok' if topic.ok else 'to do':7}"
        f"{count(topic.tasks, 'task')}, {topic.focus_covered} of {topic.focus_items} focus items, "
        f"{count(topic.wrong_answers, 'wrong answer')}, {topic.right_answers} right"
        + (f", {count(topic.broken_apps, 'broken app')}" if topic.broken_apps else "")
    )


def _sum(result: Verification) -> str:
    covered = sum(topic.focus_covered for topic in result.topics)
    items = sum(topic.focus_items for topic in result.topics)
    problems = sum(len(topic.problems) for topic in result.topics) + len(result.problems)
    verdict = count(problems, "problem") if problems else "all proven"
    topics = count(len(result.topics), "topic")
    return f"{topics}, {covered} of {items} focus items covered: {verdict}"
