"""Where everything lies: the only module that turns names of the curriculum into paths."""

import os
from dataclasses import dataclass
from pathlib import Path

import checker
from checker.catalog.model import Rooms, Topic
from checker.errors import UsageError

ROOT_VARIABLE = "CHECKER_ROOT"
PACKAGE = Path(checker.__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one curriculum.

    `content` holds curriculum/, labs/, solutions/ and notebooks/; `answers` is None where they
    are not shipped, as in a wheel; `checkout` is the clone's root when the curriculum lies in one.
    """

    content: Path
    suites: Path
    answers: Path | None
    checkout: Path | None = None

    @classmethod
    def discover(cls) -> "Layout":
        """Find the curriculum: CHECKER_ROOT, else the clone that holds the package, else the wheel.

        Raises:
            UsageError: CHECKER_ROOT names a folder without an outline.

        """
        named = os.environ.get(ROOT_VARIABLE)
        if named:
            layout = cls.of_tree(Path(named).expanduser().resolve())
            if not layout.outline.is_file():
                raise UsageError(
                    f"{ROOT_VARIABLE} is {named}, but {layout.outline} does not exist.",
                    f"Unset {ROOT_VARIABLE} or let it name a folder that has curriculum/.",
                )
            return layout
        checkout = cls.of_tree(PACKAGE.parent)
        if checkout.outline.is_file():
            return checkout
        return cls(content=PACKAGE / "content", suites=PACKAGE / "suites", answers=None)

    @classmethod
    def of_tree(cls, root: Path) -> "Layout":
        """Describe a tree laid out like the repository."""
        return cls(
            content=root,
            suites=root / "checker" / "suites",
            answers=root / "tests" / "answers",
            checkout=root,
        )

    @property
    def outline(self) -> Path:
        """Give the file with sections, topics and focus items."""
        return self.content / "curriculum" / "outline.toml"

    def rooms(self, topic: Topic) -> Rooms:
        """Name every place of a topic, whether it exists or not."""
        section, slug = topic.section_slug, topic.slug
        answers = self.answers or self.content / "answers"
        return Rooms(
            lesson=self.content / "curriculum" / section / f"{slug}.md",
            lab=self.content / "labs" / section / slug,
            solution=self.content / "solutions" / section / slug,
            suite=self.suites / section / f"test_{slug}.py",
            notebook=self.content / "notebooks" / section / f"{slug}.ipynb",
            answers=answers / section / slug,
            bugs=self.suites / section / f"bugs_{slug}.toml",
        )

    def environment(self) -> dict[str, str]:
        """Give the variables with which another process discovers this same layout."""
        return {ROOT_VARIABLE: str(self.checkout)} if self.checkout else {}

    def shown(self, path: Path) -> str:
        """Give a path as the reader knows it: relative to the curriculum where it can be."""
        for base in (self.content, self.suites.parent.parent):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return str(path)
