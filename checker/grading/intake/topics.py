"""Sort the files of a submission by topic: by folders' names, else by what the files are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from checker.catalog import Topic
from checker.grading.intake.guess import Guess, guess_topic
from checker.grading.intake.labs import Labs
from checker.grading.intake.limits import DEPTH
from checker.grading.intake.listing import Item
from checker.grading.intake.oddity import Oddity, Scope
from checker.grading.intake.printing import shown
from checker.grading.model import FindingKind

Files = dict[str, Item]
_MOST_GUESSES = 100
_PREFERRED = ("workspace",)
_DEFERRED = ("solutions", "solution", "answers", "backup", "old", "notebooks", "curriculum")


@dataclass
class Sorted:
    """The files by topic and by their path in it.

    `roots` are the topics' folders, `passed_over` those that say that they are one too.
    """

    topics: dict[str, Files] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    rest: list[Item] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def topic_at(self, path: str) -> str | None:
        """Give the topic whose folder is, or holds, a path."""
        for topic, root in self.roots.items():
            if not root or path == root or path.startswith(f"{root}/"):
                return topic
        return None


def sort_files(items: Iterable[Item], odd_paths: Iterable[str], labs: Labs) -> Sorted:
    """Sort files by topic.

    Args:
        items: the files.
        odd_paths: of what was refused: it may be all that there is of a topic.
        labs: what topics are called and look like.
    """
    items = sorted(items, key=lambda item: item.path)
    roots = _roots([item.path for item in items], odd_paths, labs)
    chosen = Sorted()
    if not roots:
        return _guessed(items, labs)
    for topic, places in roots.items():
        _choose(topic, places, chosen, labs)
    for item in items:
        found = chosen.topic_at(item.path)
        if found:
            root = chosen.roots[found]
            chosen.topics.setdefault(found, {})[item.path[len(root) + 1 :]] = item
        else:
            chosen.rest.append(item)
    return chosen


def _roots(paths: list[str], odd_paths: Iterable[str], labs: Labs) -> dict[Topic, list[str]]:
    folders = [path.rpartition("/")[0] for path in paths]
    roots: defaultdict[Topic, set[str]] = defaultdict(set)
    for weakly in (False, True):
        for path in dict.fromkeys([*folders, *odd_paths]):
            if found := _root(path.split("/"), labs, weakly=weakly):
                roots[found[0]].add(found[1])
        if roots:
            break
    ordered = sorted(roots, key=lambda topic: topic.id)
    return {topic: sorted(roots[topic]) for topic in ordered}


def _root(parts: list[str], labs: Labs, *, weakly: bool) -> tuple[Topic, str] | None:
    """Find the topmost folder of a path that names a topic."""
    for place, part in enumerate(parts[:DEPTH]):
        if place + 1 < len(parts):
            topic = labs.at_address(part, parts[place + 1])
            if topic:
                return topic, "/".join(parts[: place + 2])
        if not part or (weakly and place > 1):
            continue
        topic = labs.named(part, weakly=weakly)
        if topic:
            return topic, "/".join(parts[: place + 1])
    return None


def names_topic(path: str, labs: Labs) -> bool:
    """Tell whether a file lies in a folder that names a topic for certain."""
    return _root(path.split("/")[:-1], labs, weakly=False) is not None


def _choose(topic: Topic, places: list[str], chosen: Sorted, labs: Labs) -> None:
    """Take one of the folders that are named by a topic: see the sentences."""
    ranked = sorted(places, key=lambda place: (_rank(place), place))
    first = ranked[0]
    if not labs.is_written(topic):
        message = f"{shown(first)} is for {topic.id}, which this workbook does not judge yet."
        chosen.oddities.append(Oddity(FindingKind.UNKNOWN_FOLDER, message, first, Scope.NOTE))
        chosen.passed_over += ranked
        return
    chosen.roots[topic.id] = first
    chosen.passed_over += ranked[1:]
    if len(ranked) == 1:
        return
    others = ", ".join(shown(place) for place in ranked[:4])
    if _rank(first) == _rank(ranked[1]):
        message = f"{topic.id} is there more than once ({others}); hand in one of them."
        scope = Scope.FILE
    else:
        message = f"{topic.id} is there more than once ({others}); {shown(first)} counts."
        scope = Scope.NOTE
    chosen.oddities.append(Oddity(FindingKind.SUBMITTED_TWICE, message, first, scope))


def _rank(place: str) -> tuple[bool, bool, int]:
    parts = place.casefold().split("/")
    return (
        not any(part in _PREFERRED for part in parts),
        any(part in _DEFERRED for part in parts),
        len(parts),
    )


def _guessed(items: list[Item], labs: Labs) -> Sorted:
    """Know topics by their files, of the whole submission or of each of its folders."""
    chosen = Sorted()
    whole = guess_topic(items, labs)
    guesses = [whole] if whole.topic else _guess_each(items, labs)
    for guess in guesses:
        if guess.topic and guess.topic not in chosen.topics:
            chosen.topics[guess.topic] = guess.files
            chosen.roots[guess.topic] = guess.root
        elif guess.topic:
            first = chosen.roots[guess.topic]
            message = f"{guess.topic} is there more than once; hand in one of them."
            chosen.oddities.append(Oddity(FindingKind.SUBMITTED_TWICE, message, first))
    taken = {item.path for files in chosen.topics.values() for item in files.values()}
    chosen.rest = [item for item in items if item.path not in taken]
    if not chosen.topics and whole.problem:
        chosen.oddities.append(Oddity(FindingKind.NOTHING_FOUND, whole.problem, "", Scope.ALL))
    return chosen


def _guess_each(items: list[Item], labs: Labs) -> list[Guess]:
    folders: defaultdict[str, list[Item]] = defaultdict(list)
    depth = _shared_depth(items)
    for item in items:
        parts = item.path.split("/")
        if len(parts) > depth + 1:
            folders["/".join(parts[: depth + 1])].append(item)
    if len(folders) > _MOST_GUESSES:
        return []
    return [guess_topic(group, labs) for _, group in sorted(folders.items())]


def _shared_depth(items: list[Item]) -> int:
    folders = [item.path.split("/")[:-1] for item in items]
    depth = 0
    while folders and all(len(one) > depth and one[depth] == folders[0][depth] for one in folders):
        depth += 1
    return depth
