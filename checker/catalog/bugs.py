"""Broken apps: what is wrong in each copy of a topic's app that the learner's tests must notice.

A topic whose suite has a file `bugs_<topic>.toml` beside it is one in which the learner writes
tests. The app is what its lab gives: all files of it that hold no region.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from checker.edits import Data, Edit, apply_edits, read_data
from checker.errors import CurriculumError
from checker.files import Tree, read_tree

_MARK = re.compile(rb"^\s*(?:#|//|--|;|<!--|\{#|/\*)\s*region\s+\w", re.MULTILINE)


class Bug(Data):
    """One human mistake: the app after some edits.

    `says` tells in words what the broken app does, without a full stop; `task` asks for the tests
    that must notice it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    task: str
    says: str = Field(min_length=10, pattern=r"[^.]$")
    edits: tuple[Edit, ...] = Field(min_length=1)


class Same(Data):
    """The app written differently, so that it behaves the same: `says` tells how.

    Tests that fail on it look at how the app is written.
    """

    says: str
    edits: tuple[Edit, ...] = Field(min_length=1)


class Bugs(Data):
    """What a topic's file of bugs holds.

    `together` limits how many copies of the app run at once (0: as many as there are processors);
    a topic whose copies share a service wants 1. `plugins` are pytest plugins by module name.
    """

    bug: tuple[Bug, ...]
    same: tuple[Same, ...] = ()
    together: int = 0
    plugins: tuple[str, ...] = ()
    given: Mapping[str, bytes] = Field(default={}, exclude=True, repr=False)

    def of_task(self, task: str) -> tuple[Bug, ...]:
        """List the bugs that the tests of a task must notice."""
        return tuple(bug for bug in self.bug if bug.task == task)

    def broken(self, edits: tuple[Edit, ...]) -> Tree:
        """Give the app's files after some edits.

        Raises:
            CurriculumError: an edit does not fit.
        """
        return apply_edits(dict(self.given), edits, "the lab")


def read_bugs(path: Path, lab: Path) -> Bugs | None:
    """Read a topic's bugs, with the app that its lab gives; None if it has no such file.

    Raises:
        CurriculumError: the file is not TOML or not of this shape.
    """
    if not path.is_file():
        return None
    try:
        bugs = read_data(path, Bugs)
    except CurriculumError as error:
        raise CurriculumError(f"{path.name}: {error.message}", error.remedy) from error
    given = {name: text for name, text in read_tree(lab).items() if not _MARK.search(text)}
    return bugs.model_copy(update={"given": given})
