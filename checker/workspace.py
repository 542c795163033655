"""The learner's copy of the labs. Whatever replaces or removes a file stores a snapshot first."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checker.catalog import Catalog, Topic
from checker.difference import unified
from checker.errors import CheckerError, EnvironmentFaultError, NothingToDoError, UsageError
from checker.files import Tree, read_tree, write_tree, write_whole
from checker.progress import EventKind, Progress

WORKSPACE_VARIABLE = "CHECKER_WORKSPACE"
STATE_FOLDER = ".checker"
_UNDOABLE = (EventKind.RESET, EventKind.UNDO, EventKind.RESTORE, EventKind.SOLUTION_TAKEN)
_GITIGNORE = ".checker/\n.venv/\n__pycache__/\n*.py[co]\n.ipynb_checkpoints/\n"
_README = """\
# Your workspace

Each folder here is a lab. Edit its files in your own editor and let the checker judge them:

    checker watch        judges each save
    checker check        judges once
    checker hint         a hint that fits what went wrong
    checker show 5.1.1   the lesson

Nothing is ever lost: each check keeps your files as they were. `checker history` lists the
snapshots, `checker undo` takes a reset back. They live in `.checker/`; keep that folder.
"""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a reset, undo, restore or solution did.

    `changed` are the files that it wrote or removed (none: all was so already), `aside` the new
    names of files that stood in the way and that no snapshot holds, `snapshot` the state before.
    """

    changed: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    snapshot: str | None = None


class Workspace:
    """The folder in which the learner works; it need not exist yet.

    Args:
        root: the folder.
        catalog: the curriculum; discovered when it is first needed and absent here.
    """

    def __init__(self, root: Path, catalog: Catalog | None = None) -> None:
        self.root = root
        if catalog is not None:
            self.catalog = catalog

    @classmethod
    def locate(cls, start: Path | None = None, catalog: Catalog | None = None) -> "Workspace":
        """Find the workspace, or the place where `checker start` makes it.

        It is the folder that CHECKER_WORKSPACE names; else the nearest folder from `start`
        upwards that has `.checker/`; else `workspace/` in the clone when `start` lies in it;
        else `workspace/` in `start`. `start` is the current folder unless given.
        """
        start = (start or Path.cwd()).absolute()
        named = os.environ.get(WORKSPACE_VARIABLE)
        if named:
            return cls(start / Path(named).expanduser(), catalog)
        for folder in (start, *start.parents):
            for root in (folder, folder / "workspace"):
                if (root / STATE_FOLDER).is_dir() and (folder == start or root == folder):
                    return cls(root, catalog)
        space = cls(start / "workspace", catalog)
        checkout = space.catalog.layout.checkout
        if checkout and start.resolve().is_relative_to(checkout):
            space.root = checkout / "workspace"
        return space

    @cached_property
    def catalog(self) -> Catalog:
        """Give the curriculum that the labs come from."""
        return Catalog()

    @cached_property
    def progress(self) -> Progress:
        """Give the progress kept in this workspace."""
        return Progress(self.root / STATE_FOLDER / "progress.sqlite3")

    @property
    def exists(self) -> bool:
        """Tell whether `checker start` has made it."""
        return (self.root / STATE_FOLDER).is_dir()

    def require(self) -> "Workspace":
        """Give the workspace itself when it exists.

        Raises:
            NothingToDoError: it does not exist yet.
        """
        if not self.exists:
            raise NothingToDoError(f"There is no workspace at {self.root}.", "`checker start`")
        return self

    def create(self, catalog: Catalog | None = None) -> tuple[Topic, ...]:
        """Make the workspace, or add the topics written since, and give those added.

        A folder that exists already is left as it is, whatever it holds.

        Raises:
            UsageError: the place is taken by a file.
            EnvironmentFaultError: it cannot be written.
        """
        catalog = catalog or self.catalog
        with self._explained("make the workspace"):
            (self.root / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
            for name, text in (("README.md", _README), (".gitignore", _GITIGNORE)):
                if not os.path.lexists(self.root / name):
                    write_whole(self.root / name, text.encode())
            return tuple(topic for topic in catalog.written if self._add(topic, catalog))

    def folder(self, topic: Topic) -> Path:
        """Give the folder of a topic, whether it exists or not."""
        return self.root / topic.section_slug / topic.slug

    def topic_of(self, path: Path) -> Topic | None:
        """Give the topic whose folder is, or holds, a path."""
        for base in (self.root, self.root.resolve()):
            if path.is_relative_to(base):
                address = "/".join(path.relative_to(base).parts[:2])
                known = {topic.address: topic for topic in self.catalog.topics}
                return known.get(address)
        return None

    def read(self, topic: Topic) -> Tree:
        """Read a topic's files, path to content: see `checker.files.read_tree`.

        Raises:
            NothingToDoError: the topic is not in the workspace.
            EnvironmentFaultError: a file cannot be read.
        """
        folder = self.folder(topic)
        if not folder.is_dir():
            remedy = f"`checker reset {topic.id}`" if self.exists else "`checker start`"
            raise NothingToDoError(f"{topic.id} is not in {self.root}.", remedy)
        with self._explained(f"read {folder}"):
            return read_tree(folder)

    def diff(self, topic: Topic, against: str = "lab") -> str:
        """Compare the learner's files with the lab, the solution or a snapshot.

        Lines that only the learner has begin with `+`. Empty when nothing differs.
        """
        before = self._source(topic, against)
        return unified(before, self.read(topic), against, "yours")

    def reset(self, topic: Topic) -> Replaced:
        """Put the lab back as it was at the start; `undo` takes it back."""
        return self._replace(topic, self._source(topic, "lab"), EventKind.RESET)

    def take_solution(self, topic: Topic) -> Replaced:
        """Replace the learner's files by the solution; `undo` takes it back."""
        return self._replace(topic, self._source(topic, "solution"), EventKind.SOLUTION_TAKEN)

    def restore(self, topic: Topic, snapshot: str) -> Replaced:
        """Put the files of a snapshot back; `undo` takes it back.

        Raises:
            UsageError: the topic has no such snapshot.
        """
        name = self.progress.find_snapshot(topic.id, snapshot)
        return self._replace(topic, self.progress.snapshot(name), EventKind.RESTORE, name)

    def undo(self, topic: Topic) -> Replaced:
        """Take the last reset, restore, solution or undo back; twice is as never.

        Raises:
            NothingToDoError: nothing was replaced yet.
        """
        for event in self.progress.events(topic.id):
            if event.kind in _UNDOABLE and event.snapshot:
                before = self.progress.snapshot(event.snapshot)
                return self._replace(topic, before, EventKind.UNDO, event.snapshot)
        raise NothingToDoError(
            f"Nothing to undo in {topic.id}: no reset, restore or solution went before.",
            f"`checker history {topic.id}` lists the snapshots of your checks.",
        )

    def _add(self, topic: Topic, catalog: Catalog) -> bool:
        """Copy a lab to its place in one step, so that a crash leaves no half of it."""
        folder = self.folder(topic)
        if os.path.lexists(folder):
            return False
        files = _lab_files(catalog.rooms(topic).lab, f"The lab of {topic.id}")
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            draft.chmod(0o755)
            write_tree(files, draft)
            if os.path.lexists(folder):
                return False
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        name = self.progress.save_snapshot(files)
        self.progress.note(EventKind.CREATED, topic.id, snapshot=name)
        return True

    def _source(self, topic: Topic, name: str) -> Tree:
        rooms = self.catalog.rooms(topic)
        if name == "lab":
            return _lab_files(rooms.lab, f"The lab of {topic.id}")
        if name == "solution":
            return _lab_files(rooms.solution, f"The solution of {topic.id}")
        return self.progress.snapshot(self.progress.find_snapshot(topic.id, name))

    def _replace(self, topic: Topic, after: Tree, kind: EventKind, detail: str = "") -> Replaced:
        self.require()
        folder = self.folder(topic)
        with self._explained(f"change {folder}"):
            folder.mkdir(parents=True, exist_ok=True)
            before = read_tree(folder)
            names = sorted(before.keys() | after.keys())
            changed = tuple(name for name in names if before.get(name) != after.get(name))
            if not changed:
                return Replaced()
            snapshot = self.progress.save_snapshot(before)
            self.progress.note(kind, topic.id, snapshot=snapshot, detail=detail)
            return Replaced(changed, tuple(_apply(folder, before, after)), snapshot)

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._explain(action, error) from error

    def _explain(self, action: str, error: OSError) -> CheckerError:
        place = next((one for one in (self.root, *self.root.parents) if one.exists()), self.root)
        if not place.is_dir():
            return UsageError(
                f"{place} is a file; the workspace must be a folder.",
                f"Move it away, or name another folder in {WORKSPACE_VARIABLE}.",
            )
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return EnvironmentFaultError(
                f"The disk is full: cannot {action}.", "Free some space and run the command again."
            )
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return EnvironmentFaultError(
                f"Not allowed to {action}: {error.filename or self.root} is protected.",
                f"Change its permissions, or name another folder in {WORKSPACE_VARIABLE}.",
            )
        return EnvironmentFaultError(
            f"Cannot {action}: {error.strerror or error}: {error.filename or self.root}.",
            "`checker doctor` looks for the cause.",
        )


def _lab_files(folder: Path, what: str) -> Tree:
    if not folder.is_dir():
        raise EnvironmentFaultError(f"{what} is missing: {folder}.", "Reinstall the workbook.")
    return read_tree(folder)


def _apply(folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Turn the files `before`, which a snapshot holds, into `after`.

    Whatever no snapshot holds is renamed, never replaced: a file saved meanwhile, a link, a
    file too large for a snapshot, a folder where a file must go.
    """
    aside: list[str] = []
    for name in sorted(before.keys() - after.keys()):
        if _holds(folder / name, before[name]):
            (folder / name).unlink()
            _remove_empty_parents(folder, name)
        else:
            aside += _clear_way(folder, name, before)
    for name, content in after.items():
        aside += _clear_way(folder, name, before)
        if not _holds(folder / name, content):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, content)
    return aside


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content


def _clear_way(folder: Path, name: str, before: Mapping[str, bytes]) -> list[str]:
    """Rename what stands in the way of a file and is in no snapshot."""
    target = folder / name
    for path in (*reversed(target.relative_to(folder).parents), Path(name)):
        place = folder / path
        if place == folder or (place != target and place.is_dir() and not place.is_symlink()):
            continue
        if not os.path.lexists(place):
            break
        if place != target or name not in before or not _holds(place, before[name]):
            return [_set_aside(place).relative_to(folder).as_posix()]
    return []


def _set_aside(path: Path) -> Path:
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.kept-{number}")):
        number += 1
    return path.rename(aside)


def _remove_empty_parents(folder: Path, name: str) -> None:
    for parent in (folder / name).parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()
