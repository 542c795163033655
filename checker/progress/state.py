"""Where the learner stands, from what was recorded and what the curriculum holds now."""

from collections.abc import Iterator

from checker.catalog import Catalog, LearningPath, Topic
from checker.kinds import Verdict
from checker.progress.records import TaskState, TopicState
from checker.progress.store import Progress


def topic_state(catalog: Catalog, progress: Progress | None, topic: Topic) -> TopicState:
    """Tell where the learner stands with a topic; without a progress nothing has been done yet.

    Raises:
        CurriculumError: the topic's lesson is malformed.
    """
    if not catalog.is_written(topic):
        return TopicState(topic, "coming")
    passes = {given.task: given for given in progress.passes(topic.id)} if progress else {}
    digest = catalog.digest(topic) if passes else ""
    tasks = tuple(
        TaskState(
            id=task.id,
            title=task.title,
            points=task.points,
            passed=task.id in passes,
            stale=task.id in passes and passes[task.id].digest != digest,
        )
        for task in catalog.lesson(topic).tasks
    )
    last = progress.last_attempt(topic.id) if progress else None
    if all(task.passed for task in tasks):
        return TopicState(topic, "passed", tasks, last)
    return TopicState(topic, "started" if last else "open", tasks, last)


def next_open(
    catalog: Catalog,
    progress: Progress | None,
    path: LearningPath | None = None,
    after: Topic | None = None,
) -> Topic | None:
    """Give the next written topic that is not passed, along the outline or a learning path.

    Args:
        catalog: the curriculum.
        progress: what was done; None when nothing was.
        path: the learning path to follow.
        after: begin behind this topic, and come back to the earlier ones at the end.
    """
    topics = list(_walk(catalog, path))
    if after in topics:
        place = topics.index(after) + 1
        topics = topics[place:] + topics[: place - 1]
    for topic in topics:
        if topic_state(catalog, progress, topic).state in ("open", "started"):
            return topic
    return None


def earned_points(catalog: Catalog, progress: Progress | None) -> tuple[int, int]:
    """Give the points earned and the points that the written topics offer."""
    states = [topic_state(catalog, progress, topic) for topic in catalog.written]
    return sum(state.earned for state in states), sum(state.points for state in states)


def last_passed(progress: Progress, topic: Topic) -> bool:
    """Tell whether the newest verdict on a topic is a pass."""
    last = progress.last_attempt(topic.id)
    return last is not None and last.verdict is Verdict.PASSED


def _walk(catalog: Catalog, path: LearningPath | None) -> Iterator[Topic]:
    if path is None:
        yield from catalog.topics
        return
    for step in path.steps:
        for section in step.sections:
            yield from catalog.place(section)
