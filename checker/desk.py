"""The learner's desk: workspace, curriculum and progress together, as the commands need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import NothingToDoError, UsageError
from checker.files import Tree, read_tree
from checker.kinds import Kind, Verdict
from checker.progress import EventKind
from checker.workspace import Workspace

if TYPE_CHECKING:
    from checker.catalog import Catalog, LearningPath, Task, Topic
    from checker.hints import GivenHint
    from checker.progress import Attempt, Event, Progress, TopicState
    from checker.report import TopicReport

PATH_SETTING = "path"
MISSING = (Kind.NOT_FOUND, Kind.METHOD_NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a topic's history; `number` counts from 1, oldest first, and never changes."""

    number: int
    what: "Attempt | Event"


class Desk:
    """What the learner works on, where they stand and where they go.

    Args:
        workspace: need not exist yet; then nothing has been done.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def locate(cls, catalog: "Catalog | None" = None) -> "Desk":
        """Find the desk from the current folder; see `Workspace.locate`."""
        return cls(Workspace.locate(catalog=catalog))

    @property
    def root(self) -> Path:
        """Give the workspace's folder."""
        return self.workspace.root

    @property
    def catalog(self) -> "Catalog":
        """Give the curriculum."""
        return self.workspace.catalog

    @cached_property
    def progress(self) -> "Progress | None":
        """Give the progress, None before `checker start`."""
        return self.workspace.progress if self.workspace.exists else None

    @property
    def notice(self) -> str | None:
        """Give a sentence that the learner must read about the progress file, if there is one."""
        return self.progress.notice if self.progress else None

    def state(self, topic: "Topic") -> "TopicState":
        """Tell where the learner stands with a topic."""
        from checker.progress import topic_state

        return topic_state(self.catalog, self.progress, topic)

    @property
    def path(self) -> "LearningPath | None":
        """Give the learning path that was chosen."""
        chosen = self.progress.setting(PATH_SETTING) if self.progress else None
        return next((path for path in self.catalog.paths if path.id == chosen), None)

    def choose_path(self, name: str | None) -> "LearningPath | None":
        """Follow a learning path from now on; None follows the outline again.

        Raises:
            UsageError: there is no such path.
        """
        known = {path.id: path for path in self.catalog.paths}
        if name is not None and name not in known:
            raise UsageError(
                f"There is no learning path {name!r}.", f"Choose {', '.join(known)}, or none."
            )
        self.workspace.require().progress.choose(PATH_SETTING, name)
        return known[name] if name else None

    def next_open(self) -> "Topic | None":
        """Give the topic to do next: begun or first on the path, and not passed."""
        return self._open_after(None)

    def following(self, topic: "Topic") -> "Topic | None":
        """Give the next open topic after this one."""
        return self._open_after(topic)

    def _open_after(self, topic: "Topic | None") -> "Topic | None":
        from checker.progress import next_open

        on_path = next_open(self.catalog, self.progress, self.path, topic)
        return on_path or next_open(self.catalog, self.progress, None, topic)

    def topic_of(self, path: Path) -> "Topic | None":
        """Tell to which written topic a file of the workspace belongs."""
        topic = self.workspace.topic_of(path)
        return topic if topic is not None and self.catalog.is_written(topic) else None

    def folder(self, topic: "Topic") -> Path:
        """Give the folder of a topic; one that is missing is made from the lab."""
        folder = self.workspace.folder(topic)
        if not folder.is_dir():
            self.workspace.create(self.catalog)
        return folder

    def read(self, topic: "Topic") -> Tree:
        """Read a topic's files."""
        self.folder(topic)
        return self.workspace.read(topic)

    def passed(self, topic: "Topic") -> frozenset[str]:
        """Give the ids of the tasks that have passed before."""
        passes = self.progress.passes(topic.id) if self.progress else []
        return frozenset(given.task for given in passes)

    def record(self, topic: "Topic", report: "TopicReport", tree: Tree) -> None:
        """Keep a verdict and the files that it judged."""
        self.workspace.progress.record(report, tree, self.catalog.digest(topic))

    def hint(self, topic: "Topic", report: "TopicReport | None" = None) -> "GivenHint | None":
        """Give the next hint that fits, and note that it was shown."""
        from checker.hints import give_hint

        return give_hint(self.catalog, self.workspace.progress, topic, report)

    def has_passed(self, topic: "Topic") -> bool:
        """Tell whether every task of a topic has passed, now or before."""
        return self.state(topic).state == Verdict.PASSED.value

    def require_pass(self, topic: "Topic") -> None:
        """Keep the solution back until the topic is passed.

        Raises:
            NothingToDoError: it is not.
        """
        if not self.has_passed(topic):
            raise NothingToDoError(
                f"The solution of {topic.id} is shown once its tasks have passed.",
                f"`checker hint {topic.id}` helps; `checker solution {topic.id} --give-up` shows"
                " it now, and the history says so.",
            )

    def solution(self, topic: "Topic", *, give_up: bool) -> Tree:
        """Give the files of the reference solution, and note that they were shown.

        Raises:
            NothingToDoError: the topic is not passed, and the learner does not give up.
        """
        passed = self.has_passed(topic)
        if not give_up:
            self.require_pass(topic)
        detail = "" if passed else "gave up"
        self.workspace.progress.note(EventKind.SOLUTION_VIEWED, topic.id, detail=detail)
        return read_tree(self.catalog.rooms(topic).solution)

    def spot(self, topic: "Topic", report: "TopicReport | None" = None) -> Path:
        """Give the file to edit next: `.../app.py:12`.

        It is where the report's first card points; for a route that is missing, and without a
        report, the region of the first open task.
        """
        found = report.first_card() if report else None
        if found is not None and found[2].where is not None and found[2].kind not in MISSING:
            return self.folder(topic) / str(found[2].where)
        todo = [task.id for task in self.open_tasks(topic, report)]
        return self.folder(topic) / find_region(self.read(topic), todo)

    def open_tasks(self, topic: "Topic", report: "TopicReport | None" = None) -> "list[Task]":
        """List the tasks that did not pass: in the report, else in the progress."""
        if report is not None and report.tasks:
            passed = {task.id for task in report.tasks if task.verdict is Verdict.PASSED}
        else:
            passed = {task.id for task in self.state(topic).tasks if task.passed}
        return [task for task in self.catalog.lesson(topic).tasks if task.id not in passed]

    def entries(self, topic: "Topic") -> list[Entry]:
        """List what happened to a topic, oldest first."""
        history = self.workspace.progress.history(topic.id)
        return [Entry(number, what) for number, what in enumerate(reversed(history), start=1)]

    def entry(self, topic: "Topic", number: int) -> Entry:
        """Give one line of a topic's history.

        Raises:
            UsageError: there is no such line.
        """
        entries = self.entries(topic)
        if not 1 <= number <= len(entries):
            raise UsageError(
                f"The history of {topic.id} has no number {number}.",
                f"`checker history {topic.id}` lists them.",
            )
        return entries[number - 1]

    def snapshot_name(self, topic: "Topic", number: int) -> str:
        """Give the snapshot that belongs to a line of the history.

        Raises:
            UsageError: there is no such line, or no files were kept with it.
        """
        snapshot = self.entry(topic, number).what.snapshot
        if not snapshot:
            raise UsageError(
                f"No files were kept with number {number} of {topic.id}.",
                "Choose a check, a reset or a restore.",
            )
        return snapshot


def find_region(tree: Tree, tasks: Sequence[str]) -> str:
    """Name the place where the first of these tasks that has a region begins, as `app.py:12`."""
    for task in tasks:
        mark = f"# region {task}:".encode()
        for name, content in tree.items():
            for number, line in enumerate(content.splitlines(), start=1):
                if line.strip().startswith(mark):
                    return f"{name}:{number}"
    return next((name for name in tree if name.endswith(".py")), "")
