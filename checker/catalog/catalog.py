"""The curriculum as commands see it: sections, topics, lessons, found by any of their names."""

import difflib
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import checker
from checker.catalog.model import Lesson, Rooms, Section, Topic
from checker.catalog.outline import read_outline
from checker.catalog.paths import Layout
from checker.errors import CurriculumError, UsageError

if TYPE_CHECKING:
    from checker.catalog.bugs import Bugs


class Catalog:
    """Outline and lessons of one curriculum; a lesson is read when it is first asked for.

    Args:
        layout: where the curriculum lies; discovered when absent.

    Raises:
        CurriculumError: the outline is malformed.
        UsageError: CHECKER_ROOT names no curriculum.

    """

    def __init__(self, layout: Layout | None = None) -> None:
        self.layout = layout or Layout.discover()
        self.sections, self.paths = read_outline(self.layout.outline)
        self.topics: tuple[Topic, ...] = tuple(
            topic for section in self.sections for topic in section.topics
        )
        self._lessons: dict[str, Lesson] = {}

    @property
    def version(self) -> str:
        """Give the version of the workbook that this curriculum belongs to."""
        return checker.__version__

    @property
    def written(self) -> tuple[Topic, ...]:
        """Give the topics whose lesson exists, in order; the others are coming."""
        return tuple(topic for topic in self.topics if self.is_written(topic))

    def is_written(self, topic: Topic) -> bool:
        """Tell whether the topic's lesson exists."""
        return self.rooms(topic).lesson.is_file()

    def rooms(self, topic: Topic) -> Rooms:
        """Name every place of a topic."""
        return self.layout.rooms(topic)

    def section(self, topic: Topic) -> Section:
        """Give the section that a topic belongs to."""
        return next(section for section in self.sections if section.id == topic.section_id)

    def lesson(self, topic: Topic) -> Lesson:
        """Read a lesson with its tasks and their checks.

        Raises:
            UsageError: the topic is not written yet.
            CurriculumError: the lesson or its suite is malformed.

        """
        if topic.id not in self._lessons:
            self._lessons[topic.id] = self._read(topic)
        return self._lessons[topic.id]

    def statement(self, topic: Topic, task: str) -> str:
        """Give the Markdown that states a task, from below its heading to the next one.

        Raises:
            UsageError: the topic has no such task.

        """
        from checker.catalog.lesson import statement

        text = statement(self.lesson(topic).body, task)
        if text is None:
            names = ", ".join(known.id for known in self.lesson(topic).tasks)
            raise UsageError(f"{topic.id} has no task {task!r}.", f"Its tasks: {names}")
        return text

    def digest(self, topic: Topic) -> str:
        """Give a digest of what judges a topic, its statements and suite: it tells stale passes."""
        rooms = self.rooms(topic)
        digest = hashlib.sha256(rooms.suite.read_bytes().replace(b"\r\n", b"\n"))
        if rooms.bugs.is_file():
            digest.update(rooms.bugs.read_bytes().replace(b"\r\n", b"\n"))
        for task in self.lesson(topic).tasks:
            digest.update(f"\0{task.id}\0{self.statement(topic, task.id)}".encode())
        return digest.hexdigest()

    def bugs(self, topic: Topic) -> "Bugs | None":
        """Read the broken apps of a topic in which the learner writes tests; None for others.

        Raises:
            CurriculumError: the file is malformed.

        """
        rooms = self.rooms(topic)
        if not rooms.bugs.is_file():
            return None
        from checker.catalog.bugs import read_bugs

        return read_bugs(rooms.bugs, rooms.lab)

    def find(self, name: str) -> Topic:
        """Find a topic by id ("5.1.2", "1.2"), slug, address or a path that leads through it.

        Raises:
            UsageError: no topic, or more than one, has that name.

        """
        wanted = _normal(name)
        found = [topic for topic in self.topics if wanted in _topic_names(topic)]
        found = found or [topic for topic in self.topics if f"/{topic.address}/" in f"/{wanted}/"]
        if len(found) > 1:
            names = ", ".join(f"{topic.id} {topic.title}" for topic in found)
            raise UsageError(f"{name!r} names more than one topic.", f"Use the number: {names}")
        if not found:
            nearest = _nearest(wanted, self.topics)
            raise UsageError(f"There is no topic {name!r}.", _did_you_mean(nearest))
        return found[0]

    def place(self, name: str) -> tuple[Topic, ...]:
        """Find the topics of a place: "all", a section by id or slug, or one topic.

        Raises:
            UsageError: nothing has that name.

        """
        wanted = _normal(name)
        if wanted == "all":
            return self.topics
        for section in self.sections:
            if wanted in _section_names(section):
                return section.topics
        try:
            return (self.find(name),)
        except UsageError as error:
            if error.message.startswith("There is no"):
                nearest = _nearest(wanted, (*self.sections, *self.topics))
                raise UsageError(
                    f"There is no section or topic {name!r}.", _did_you_mean(nearest)
                ) from None
            raise

    def _read(self, topic: Topic) -> Lesson:
        from checker.catalog.frontmatter import parse_lesson, with_checks
        from checker.catalog.suite import read_checks

        rooms = self.rooms(topic)
        where, suite = self.layout.shown(rooms.lesson), self.layout.shown(rooms.suite)
        if not rooms.lesson.is_file():
            raise UsageError(
                f"{topic.id} {topic.title} is not written yet.", "`checker list` shows what is."
            )
        lesson = parse_lesson(_text(rooms.lesson, where), where, topic)
        checks = read_checks(rooms.suite, suite, [task.id for task in lesson.tasks])
        return with_checks(lesson, checks, suite)


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CurriculumError(f"{where}: cannot be read: {error}", f"Correct {where}.") from error


def _normal(name: str) -> str:
    return name.strip().replace("\\", "/").strip("/").lower().removesuffix(".md")


def _bare(slug: str) -> str:
    return slug.partition("_")[2]


def _topic_names(topic: Topic) -> tuple[str, ...]:
    short = topic.id.partition(".")[2]
    return (topic.id, short, topic.slug, _bare(topic.slug), topic.address, topic.title.lower())


def _section_names(section: Section) -> tuple[str, ...]:
    short = section.id.partition(".")[2]
    return (section.id, short, section.slug, _bare(section.slug), section.title.lower())


def _nearest(wanted: str, places: Iterable[Section | Topic]) -> list[Section | Topic]:
    def names() -> Iterator[tuple[str, Section | Topic]]:
        for place in places:
            known = _topic_names(place) if isinstance(place, Topic) else _section_names(place)
            yield from ((name, place) for name in known)

    by_name = dict(reversed(list(names())))
    close = difflib.get_close_matches(wanted, by_name, n=6, cutoff=0.6)
    return list(dict.fromkeys(by_name[name] for name in close))[:3]


def _did_you_mean(nearest: Iterable[Section | Topic]) -> str:
    names = ", ".join(f"{place.id} {place.slug}" for place in nearest)
    return f"Did you mean {names}?" if names else "`checker list` shows every topic."
