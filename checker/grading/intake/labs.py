"""What a catalog's topics are called, and what their labs look like: to know one when it comes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from checker.catalog import Catalog, Topic
from checker.errors import EnvironmentFaultError
from checker.files import Tree, read_tree
from checker.grading.intake.limits import NAME_BYTES

_REGION = re.compile(rb"^[ \t]*# region (\w+)", re.M)
_NUMBER = re.compile(r"(?<![\d.])\d+[._-]\d+[._-]\d+(?![\d.])")
_COPY = re.compile(r"(?:[ _-]*\(\d+\)|-\d+| - copy)$")


def regions(contents: Iterable[bytes]) -> frozenset[str]:
    """Give the ids of all regions in some files."""
    return frozenset(found.decode() for one in contents for found in _REGION.findall(one))


class Labs:
    """The labs of the written topics.

    Args:
        catalog: the curriculum.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.written = catalog.written
        self._addresses = {topic.address.casefold(): topic for topic in catalog.topics}

    @cached_property
    def trees(self) -> Mapping[str, Tree]:
        """Read the labs, by the topic's id.

        Raises:
            EnvironmentFaultError: a lab cannot be read.
        """
        try:
            return {one.id: read_tree(self._catalog.rooms(one).lab) for one in self.written}
        except OSError as error:
            raise EnvironmentFaultError(
                f"A lab cannot be read: {error}.", "Install the workbook again."
            ) from error

    @cached_property
    def regions(self) -> Mapping[str, frozenset[str]]:
        """Give the ids of the regions of each lab."""
        return {topic: regions(tree.values()) for topic, tree in self.trees.items()}

    @cached_property
    def _strong(self) -> Mapping[str, Topic]:
        names: dict[str, Topic] = {}
        for topic in self._catalog.topics:
            for name in (topic.id, topic.slug, topic.address.replace("/", "_")):
                names[name.casefold()] = topic
        return names

    @cached_property
    def _weak(self) -> Mapping[str, Topic]:
        names: defaultdict[str, set[Topic]] = defaultdict(set)
        for topic in self._catalog.topics:
            short, bare = topic.id.partition(".")[2], topic.slug.partition("_")[2]
            for name in (short, bare, topic.title):
                names[_plain(name)].add(topic)
        return {name: next(iter(found)) for name, found in names.items() if len(found) == 1}

    def is_written(self, topic: Topic) -> bool:
        """Tell whether the topic can be judged."""
        return topic in self.written

    def at_address(self, section: str, slug: str) -> Topic | None:
        """Give the topic of two folders, one in the other, as `checker start` makes them."""
        return self._addresses.get(f"{section}/{slug}".casefold())

    def is_name(self, folder: str) -> bool:
        """Tell whether a folder has the very number, slug or address of a topic."""
        return folder.casefold() in self._strong

    def named(self, folder: str, *, weakly: bool = False) -> Topic | None:
        """Give the topic that a folder is named by.

        Args:
            folder: "5.1.2", "t02_path_operations", "lab 5-1-2", "Homework 5.1.2 (1)".
            weakly: also "1.2", "path_operations" and titles, which may mean other things.
        """
        if len(folder) > NAME_BYTES:
            return None
        for name in (folder.casefold(), _COPY.sub("", folder.casefold())):
            found = self._strong.get(name.replace("-", "_")) or self._strong.get(name)
            if not found and weakly:
                found = self._weak.get(_plain(name))
            if found:
                return found
        numbers = {re.sub("[_-]", ".", number) for number in _NUMBER.findall(folder)}
        topics = [self._strong[number] for number in numbers if number in self._strong]
        return topics[0] if len(topics) == 1 else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()
