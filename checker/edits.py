"""Small edits of a tree of files, kept as data: so wrong answers and broken apps are told."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checker.errors import CurriculumError
from checker.files import Tree


class Data(BaseModel):
    """Base of what is read from our TOML files: immutable, strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Shape = TypeVar("Shape", bound=Data)


class Edit(Data):
    """Replace `find`, which `file` holds exactly once, by `replace`."""

    file: str
    find: str = Field(min_length=1)
    replace: str


def apply_edits(original: Tree, edits: Iterable[Edit], owner: str = "the solution") -> Tree:
    """Make other files out of a tree of files.

    Args:
        original: the files; they stay as they are.
        edits: what to change, in this order.
        owner: whose files they are, for messages.

    Raises:
        CurriculumError: an edit does not fit exactly once, or all of them change nothing.
    """
    tree = dict(original)
    for edit in edits:
        if edit.file not in tree:
            raise CurriculumError(f"{owner} has no file {edit.file}", "Correct `file`.")
        text = tree[edit.file].decode()
        if (count := text.count(edit.find)) != 1:
            raise CurriculumError(
                f"`find` stands {count} times in {owner}'s {edit.file}: {edit.find!r}",
                "Change it so that it stands there once.",
            )
        tree[edit.file] = text.replace(edit.find, edit.replace).encode()
    if tree == original:
        raise CurriculumError("the edits change nothing", "Make `replace` differ from `find`.")
    return tree


def read_data(path: Path, shape: type[Shape]) -> Shape:
    """Read a TOML file of ours.

    Raises:
        CurriculumError: it is not TOML or not of this shape.
    """
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CurriculumError(f"is not TOML: {error}", "Correct it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CurriculumError(f"{place}: {first['msg']}", "Correct it.") from error
