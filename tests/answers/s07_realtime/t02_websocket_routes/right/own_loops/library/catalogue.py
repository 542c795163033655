"""What the library's branches have, and what can be asked of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field


class Branch(StrEnum):
    """A branch with a counter."""

    NORTH = "north"
    SOUTH = "south"


class Question(BaseModel):
    """A message from a reader: the part of a title to look for, and how many titles at most."""

    find: Annotated[str, Field(min_length=1)]
    limit: Annotated[int, Field(ge=1, le=5)] = 3


shelves: dict[Branch, list[str]] = {Branch.NORTH: ["Emma"], Branch.SOUTH: ["Ulysses"]}


def find_titles(branch: Branch, question: Question) -> list[str]:
    """List the titles of a branch that hold the text asked for."""
    titles = [title for title in shelves[branch] if question.find.lower() in title.lower()]
    return titles[: question.limit]
