"""Orders for judges, made from the curriculum that is discovered."""

from checker.catalog import Catalog, Topic
from checker.files import Tree, read_tree
from checker.grading.work import Result, TopicWork, Work, curriculum_digest
from checker.sandbox.limits import HostLimits

LIMITS = HostLimits().figures()


def order(student: str, *answers: tuple[str, Tree], repeats: tuple[int, ...] = (0,)) -> Work:
    """Order a bare judge to judge a student's answers: id of the topic, files."""
    catalog = Catalog()
    topics = tuple(
        TopicWork(topic, tree, f"{student} {topic}", catalog.digest(catalog.find(topic)), repeats)
        for topic, tree in answers
    )
    return Work(student, topics, 7, "bare", curriculum_digest(catalog), LIMITS)


def solved(topic: str) -> tuple[str, Tree]:
    """Give a topic's solution."""
    return topic, read_tree(Catalog().rooms(_find(topic)).solution)


def untouched(topic: str) -> tuple[str, Tree]:
    """Give a topic's lab as it is at the start."""
    return topic, read_tree(Catalog().rooms(_find(topic)).lab)


def _find(topic: str) -> Topic:
    return Catalog().find(topic)


def outline(results: list[Result]) -> list[tuple[object, ...]]:
    """Give what must be the same wherever work is done."""
    return [(one.student, one.topic, one.due, one.receipt, _tasks(one)) for one in results]


def _tasks(result: Result) -> list[tuple[object, ...]]:
    return [(task.id, task.verdict, task.earned) for task in result.report.tasks]
