"""Know the topic of a folder or of a few loose files, though nothing names it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from checker.grading.intake.labs import Labs, regions
from checker.grading.intake.limits import FILE_BYTES, SUBMISSION_BYTES, TOPIC_FILES
from checker.grading.intake.listing import Item
from checker.grading.intake.oddity import Refused, Scope
from checker.grading.intake.printing import shown

_NUMBERED = re.compile(r"(?:-\d+| ?\(\d+\))(?=\.[^./]+$)")


@dataclass(frozen=True, slots=True)
class Guess:
    """The topic that files belong to, or why that cannot be told.

    `root` is the folder that is the lab; `files` are by their path in the lab.
    """

    topic: str | None = None
    root: str = ""
    files: dict[str, Item] = field(default_factory=dict)
    problem: str = ""


def guess_topic(items: Iterable[Item], labs: Labs) -> Guess:
    """Guess by the regions that the files have, else by the files that the lab has."""
    items = list(items)
    code = [item for item in items if item.path.endswith(".py")]
    if not code:
        return Guess(problem=_no_code(items))
    if len(code) > TOPIC_FILES:
        return Guess(problem=f"There are {len(code):,} Python files, but no topic's folder.")
    candidates = _by_regions(code, labs) or _by_files(code, labs)
    if len(candidates) != 1:
        return Guess(problem=_unclear(code, candidates))
    topic = candidates[0]
    root, *others = _roots(code, labs.trees[topic])
    if root and others:
        return Guess(problem=f"{topic} is there more than once; hand in one of them.")
    return Guess(topic, root, _placed(items, root, labs.trees[topic]))


def _by_regions(code: list[Item], labs: Labs) -> list[str]:
    found = regions(_contents(code))
    shared = {topic: len(found & ids) for topic, ids in labs.regions.items()}
    best = max(shared.values(), default=0)
    full = [topic for topic, count in shared.items() if best and labs.regions[topic] <= found]
    return full or [topic for topic, count in shared.items() if best and count == best]


def _contents(code: list[Item]) -> Iterable[bytes]:
    left = SUBMISSION_BYTES
    for item in code:
        try:
            content = item.read(min(FILE_BYTES, left))
        except Refused as refused:
            if refused.oddity.scope is Scope.ALL:
                raise
            continue
        left -= len(content)
        if left <= 0:
            return
        yield content


def _by_files(code: list[Item], labs: Labs) -> list[str]:
    """Give the topics all of whose code files are there, those of the most files."""
    paths = {item.path for item in code}
    counts: dict[str, int] = {}
    for topic, tree in labs.trees.items():
        wanted = {path for path in tree if path.endswith(".py")}
        roots = {path[: -len(one)] for one in wanted for path in paths if _ends(path, one)}
        if wanted and any(all(root + one in paths for one in wanted) for root in roots):
            counts[topic] = len(wanted)
    best = max(counts.values(), default=0)
    return [topic for topic, count in counts.items() if count == best]


def _ends(path: str, end: str) -> bool:
    return path == end or path.endswith(f"/{end}")


def _roots(code: list[Item], lab: Iterable[str]) -> list[str]:
    """Give the folders below which most files of the lab lie, the topmost first."""
    paths = [item.path for item in code]
    roots = [path[: -len(one)].rstrip("/") for one in lab for path in paths if _ends(path, one)]
    if not roots:
        return [min(paths, key=len).rpartition("/")[0]]
    counts = Counter(roots)
    most = max(counts.values())
    best = [root for root, count in counts.items() if count == most]
    return sorted(best, key=lambda root: (len(root), root))


def _placed(items: list[Item], root: str, lab: Iterable[str]) -> dict[str, Item]:
    """Give the files of the lab; a loose file goes where the lab has the only one of its name."""
    inside = {
        item.path[len(root) + 1 if root else 0 :]: item
        for item in items
        if not root or item.path.startswith(f"{root}/")
    }
    wanted: dict[str, list[str]] = {}
    for path in lab:
        wanted.setdefault(path.rpartition("/")[2], []).append(path)
    placed: dict[str, Item] = {}
    for path, item in inside.items():
        plain = path if path in lab else _NUMBERED.sub("", path)
        home = wanted.get(plain, [])
        target = home[0] if "/" not in plain and path not in lab and len(home) == 1 else path
        placed[path if target in inside else target] = item
    return placed


def _no_code(items: list[Item]) -> str:
    if not items:
        return ""
    names = ", ".join(shown(item.path) for item in items[:3])
    return f"There is no topic's folder and no Python file, only {names}."


def _unclear(code: list[Item], candidates: list[str]) -> str:
    names = ", ".join(shown(item.path) for item in code[:3])
    if not candidates:
        return f"{names} belongs to no topic that can be told; name the folder by its topic."
    topics = ", ".join(sorted(candidates)[:6])
    return f"{names} could belong to {topics}; name the folder by its topic, such as 5.1.2."
