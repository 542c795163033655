"""The corpus of attacks, read from its file."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from checker.files import Tree, read_tree

FILE = Path(__file__).with_name("corpus.toml")
APP = "app.py"


@dataclass(frozen=True, slots=True)
class Attack:
    """One submission of topic 5.1.2 and what must become of it; the file says what is what."""

    name: str
    numbers: list[int]
    does: str
    base: Literal["solution", "lab", "alone"]
    place: Literal["top", "end"]
    code: str
    verdict: str
    points: Literal["all", "none"]
    says: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    remark: str = ""
    load: bool = False

    def allows(self, verdict: str) -> bool:
        """Tell whether a verdict is right; a busy machine may run out of time before a limit."""
        return verdict == self.verdict or (
            self.load and verdict == "timeout" and self.verdict != "passed"
        )

    def tree(self, solution: Path, lab: Path) -> Tree:
        """Give the files that are handed in."""
        base = {"solution": solution, "lab": lab}.get(self.base)
        tree = read_tree(base) if base else {}
        text = tree.get(APP, b"").decode()
        joined = f"{self.code}\n{text}" if self.place == "top" else f"{text}\n{self.code}"
        further = {name: content.encode() for name, content in self.files.items()}
        return {**tree, APP: joined.encode(), **further}


@cache
def read_corpus() -> tuple[Attack, ...]:
    """Read every attack."""
    with FILE.open("rb") as file:
        return tuple(Attack(**entry) for entry in tomllib.load(file)["attack"])
