"""What the curriculum consists of. Immutable; built by `Catalog`."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of help; `when` names the card kinds that it fits (none: it fits any)."""

    text: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One test function of a suite; `title` is its docstring's first line, `line` its place."""

    id: str
    task: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise of a lab; `requires` are tasks that must pass before this one is judged."""

    id: str
    title: str
    covers: tuple[str, ...]
    points: int = 1
    requires: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits in seconds. `startup` covers import and lifespan each; `request` one answer."""

    topic: float = 30.0
    test: float = 6.0
    startup: float = 5.0
    request: float = 4.0


@dataclass(frozen=True, slots=True)
class LabSpec:
    """How a topic's lab is started when a suite says nothing else."""

    entry: str = "app:app"
    env: dict[str, str] = field(default_factory=dict)
    preload: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's front matter and text.

    `headings` maps a focus item to the heading that covers it where no task can; `services` are
    those that lab, lesson and suite work with.
    """

    tasks: tuple[Task, ...]
    headings: dict[str, str]
    lab: LabSpec
    limits: Limits
    body: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the outline; `address` is `section slug/topic slug`, the same in every room."""

    id: str
    slug: str
    title: str
    purpose: str
    focus: tuple[str, ...]
    section_id: str
    section_slug: str

    @property
    def address(self) -> str:
        """Give the address that all rooms share."""
        return f"{self.section_slug}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the outline with its topics in order."""

    id: str
    slug: str
    title: str
    about: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a learning path: a name and the sections it walks through."""

    name: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearningPath:
    """A way through the curriculum for one kind of reader."""

    id: str
    title: str
    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where the parts of one topic lie; a path may not exist yet. Few topics have `bugs`."""

    lesson: Path
    lab: Path
    solution: Path
    suite: Path
    notebook: Path
    answers: Path
    bugs: Path
