"""Names that the reader typed, turned into topics and workspaces or into a helpful error."""

from typing import TYPE_CHECKING

from checker.errors import NothingToDoError

if TYPE_CHECKING:
    from checker.catalog import Catalog, Topic
    from checker.desk import Desk


def written_topic(catalog: "Catalog", name: str) -> "Topic":
    """Find a topic that can be worked on.

    Raises:
        UsageError: no topic has that name; the message gives the nearest ones.
        NothingToDoError: the topic is still coming.
    """
    topic = catalog.find(name)
    if not catalog.is_written(topic):
        raise NothingToDoError(
            f"{topic.id} {topic.title} is coming; it is not written yet.",
            "`checker list` shows what is there.",
        )
    return topic


def open_desk(catalog: "Catalog | None" = None) -> "Desk":
    """Open the learner's workspace, which must exist.

    Raises:
        NothingToDoError: `checker start` has not been run yet.
    """
    from checker.desk import Desk

    desk = Desk.locate(catalog)
    desk.workspace.require()
    return desk


def topic_or_next(desk: "Desk", name: str | None) -> "Topic":
    """Find the named topic, or the next open one.

    Raises:
        NothingToDoError: everything that is written is passed.
    """
    if name is not None:
        return written_topic(desk.catalog, name)
    topic = desk.next_open()
    if topic is None:
        raise NothingToDoError(
            "Every topic that is written so far is passed.", "Name a topic to do it again."
        )
    return topic
