"""Outline, lessons and paths as immutable Section, Topic and Task: who knows where things lie."""

from checker.catalog.catalog import Catalog
from checker.catalog.model import (
    Check,
    Hint,
    LabSpec,
    LearningPath,
    Lesson,
    Limits,
    PathStep,
    Rooms,
    Section,
    Task,
    Topic,
)
from checker.catalog.paths import Layout

__all__ = [
    "Catalog",
    "Check",
    "Hint",
    "LabSpec",
    "Layout",
    "LearningPath",
    "Lesson",
    "Limits",
    "PathStep",
    "Rooms",
    "Section",
    "Task",
    "Topic",
]
