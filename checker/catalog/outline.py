"""Read outline.toml: sections, topics, focus items and learning paths."""

import tomllib
from pathlib import Path

from checker.catalog.fields import Fields
from checker.catalog.model import LearningPath, PathStep, Section, Topic
from checker.errors import CurriculumError

_TOP = ("sections", "paths", "integrations", "applications")


def read_outline(path: Path) -> tuple[tuple[Section, ...], tuple[LearningPath, ...]]:
    """Read the sections in order and the learning paths.

    Raises:
        CurriculumError: the file is missing, is not TOML, or a key is missing, unknown or doubled.

    """
    where = f"curriculum/{path.name}"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CurriculumError(
            f"The outline {path} cannot be read: {error.strerror}.", "Reinstall the workbook."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CurriculumError(f"{where}: not valid TOML: {error}", f"Correct {where}.") from error
    top = Fields(where, data, known=_TOP)
    sections = tuple(
        _section(fields)
        for fields in top.children("sections", ("id", "slug", "title", "about", "topics"))
    )
    _prove_unique(top, sections)
    known = {section.id for section in sections}
    paths = tuple(
        _path(fields, known) for fields in top.children("paths", ("id", "title", "steps"))
    )
    return sections, paths


def _section(fields: Fields) -> Section:
    known = ("id", "slug", "title", "purpose", "focus")
    section_id, slug = fields.text("id"), fields.text("slug")
    return Section(
        id=section_id,
        slug=slug,
        title=fields.text("title"),
        about=fields.text("about"),
        topics=tuple(_topic(item, section_id, slug) for item in fields.children("topics", known)),
    )


def _topic(fields: Fields, section_id: str, section_slug: str) -> Topic:
    topic_id = fields.text("id")
    if not topic_id.startswith(f"{section_id}."):
        fields.fail("id", f"{topic_id} does not begin with its section's {section_id}")
    focus = fields.texts("focus")
    if len(set(focus)) != len(focus):
        fields.fail("focus", "an item appears twice")
    return Topic(
        id=topic_id,
        slug=fields.text("slug"),
        title=fields.text("title"),
        purpose=fields.text("purpose"),
        focus=focus,
        section_id=section_id,
        section_slug=section_slug,
    )


def _path(fields: Fields, sections: set[str]) -> LearningPath:
    steps = []
    for step in fields.children("steps", ("name", "sections")):
        for section in step.texts("sections"):
            if section not in sections:
                step.fail("sections", f"there is no section {section}")
        steps.append(PathStep(name=step.text("name"), sections=step.texts("sections")))
    return LearningPath(id=fields.text("id"), title=fields.text("title"), steps=tuple(steps))


def _prove_unique(top: Fields, sections: tuple[Section, ...]) -> None:
    seen: set[str] = set()
    for section in sections:
        names = [section.id, section.slug]
        names += [name for topic in section.topics for name in (topic.id, topic.address)]
        for name in names:
            if name in seen:
                top.fail("sections", f"{name} appears twice")
            seen.add(name)
