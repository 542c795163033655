"""A topic as the gate looks at it, with the points that it must meet."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from checker.authoring.answers import is_same_design, right_answers
from checker.authoring.tree import is_present, name_from
from checker.catalog import Catalog
from checker.catalog.model import Lesson, Rooms, Topic
from checker.errors import UsageError


class Point(StrEnum):
    """What a topic must prove, in the order of the gate."""

    ROOMS = "rooms"
    REGIONS = "regions"
    BUGS = "bugs"
    STARTER = "starter"
    SOLUTION = "solution"
    WRONG = "wrong"
    RIGHT = "right"
    NOTEBOOK = "notebook"


@dataclass(frozen=True, slots=True)
class Subject:
    """One topic with its rooms and lesson.

    `root` is the folder that problems name files from. `copies` are the right answers that are
    the solution again: known from the start, as CPython 3.11 cannot build syntax trees in several
    threads at once ("AST constructor recursion depth mismatch").
    """

    topic: Topic
    rooms: Rooms
    lesson: Lesson
    root: Path
    copies: tuple[str, ...] = ()

    def name(self, path: Path) -> str:
        """Name a file or folder the way an author types it, from the root of the checkout."""
        return name_from(self.root, path)

    @property
    def command(self) -> str:
        """Give the command that rebuilds this topic's notebook."""
        return f"checker author notebooks {self.topic.id}"


def load_subject(catalog: Catalog, topic: Topic) -> Subject:
    """Read what the points need of a topic that is written.

    Raises:
        CurriculumError: the lesson's front matter or the suite is malformed.
    """
    rooms = catalog.rooms(topic)
    answers = right_answers(rooms.answers) if is_present(rooms.solution) else {}
    copies = [name for name, path in answers.items() if is_same_design(path, rooms.solution)]
    return Subject(topic, rooms, catalog.lesson(topic), catalog.layout.content, tuple(copies))


def room_paths(rooms: Rooms) -> dict[str, Path]:
    """List the six rooms of a topic by the word that an author uses for each."""
    return {
        "lesson": rooms.lesson,
        "lab": rooms.lab,
        "solution": rooms.solution,
        "suite": rooms.suite,
        "notebook": rooms.notebook,
        "answers": rooms.answers,
    }


def missing_rooms(rooms: Rooms) -> dict[str, Path]:
    """List the rooms that a topic has not got."""
    return {word: path for word, path in room_paths(rooms).items() if not is_present(path)}


def missing_room_problems(root: Path, rooms: Rooms) -> list[str]:
    """Say which rooms a begun topic lacks."""
    return [
        f"{name_from(root, path)} is missing: write the {word}"
        + (" with `checker author notebooks`." if word == "notebook" else ".")
        for word, path in missing_rooms(rooms).items()
    ]


def begun_topics(catalog: Catalog, place: str) -> tuple[Topic, ...]:
    """List the topics of a place of which at least one room exists, in the outline's order."""
    return tuple(topic for topic in catalog.place(place) if is_begun(catalog.rooms(topic)))


def is_begun(rooms: Rooms) -> bool:
    """Tell whether at least one room of a topic exists."""
    return missing_rooms(rooms).keys() != room_paths(rooms).keys()


def require_checkout(catalog: Catalog) -> None:
    """Refuse to work on an installed package, which has no answers and is nobody's to edit.

    Raises:
        UsageError: the curriculum does not come from a checkout.
    """
    if catalog.layout.answers is None:
        raise UsageError(
            "The author's commands need a clone of the repository, with its tests/answers.",
            "Run them inside a clone, or set CHECKER_ROOT to one.",
        )
