"""The state of one run of a suite: where the host is, what was launched, how much time is left."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.catalog.model import Lesson, Limits
from checker.files import Tree, clear_away, write_tree
from checker.judge.control import Control, HostGoneError
from checker.judge.conversation import Conversation
from checker.judge.guard import held, read_beneath, stage_beneath
from checker.judge.launch import Launched, Order
from checker.judge.loop import LoopThread

MOST_NAMES = 4
LARGEST_TEXT = 4_000_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sandboxed host shares with the judge.

    Args:
        run_dir: its own folder: sockets and logs.
        owner: the user who gets the staged files; None if it is ours.
    """

    run_dir: Path
    owner: int | None = None


def no_alarm(_seconds: float) -> None:
    """Set no alarm: no check runs."""


@dataclass(slots=True)
class Session:
    """What all labs of one run share.

    Args:
        address: the host's address; `token` goes with it over TCP.
        folder: an empty folder that host and judge both see; labs are staged below it.
        tree: the learner's files as they were when the check began.
        env: variables that every launch gets beside the lesson's own.
        controls: what a suite needs to hold a service, by service.
        memory: a folder for the results of trials, which the host does not see.
        deadline: on the clock of `time.monotonic`, when the check that runs now must be over.
        alarm: sets the alarm of the check that runs now to so many seconds from now.
        ground: the folders of a host whose code nobody trusts; None where it is the learner's own.
    """

    address: Mapping[str, Any]
    token: str | None
    folder: Path
    tree: Tree
    lesson: Lesson
    env: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, dict[str, str]] = field(default_factory=dict)
    memory: Path | None = None
    deadline: float = float("inf")
    alarm: Callable[[float], None] = no_alarm
    conversation: Conversation = field(default_factory=Conversation)
    loop: LoopThread = field(default_factory=LoopThread)
    ground: Ground | None = None
    _staged: int = 0
    _held: int | None = None

    def __post_init__(self) -> None:
        """Hold on to the host's socket: nobody can put another in its place.

        Raises:
            HostGoneError: it is not there any more.
        """
        if self.ground is not None:
            try:
                self.address, self._held = held(self.address, self.ground.run_dir)
            except OSError as error:
                raise HostGoneError(str(error)) from error

    @property
    def limits(self) -> Limits:
        """Give the topic's time limits."""
        return self.lesson.limits

    def left(self, wanted: float | None = None) -> float:
        """Give the seconds that an operation may take: as wanted, but not past the check's end."""
        return max(0.05, min(wanted or self.limits.request, self.deadline - time.monotonic()))

    def begin_check(self) -> None:
        """Start the conversation of a check, before its fixtures, and the clock."""
        self.conversation.begin_check()
        self.start_clock()

    def start_clock(self) -> None:
        """Give the check all of its time: its fixtures are ready, or trials of it have ended."""
        self.deadline = time.monotonic() + self.limits.test
        self.alarm(self.limits.test)

    def stage(self, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
        """Write the learner's files, with `changes` (None deletes), to a folder of their own."""
        tree = dict(self.tree)
        for name, content in (changes or {}).items():
            if content is None:
                tree.pop(name, None)
            else:
                tree[name] = content.encode() if isinstance(content, str) else content
        self._staged += 1
        folder = self.folder / str(self._staged)
        if self.ground is None:
            write_tree(tree, folder)
        else:
            stage_beneath(tree, folder, self.ground.owner)
        return folder

    def read(self, folder: Path, name: str) -> str | None:
        """Read a text of a staged folder; None where there is no such file."""
        if self.ground is not None:
            data = read_beneath(folder, name, LARGEST_TEXT)
            return None if data is None else data.decode("utf-8", "replace")
        path = folder / name
        return path.read_text("utf-8", "replace") if path.is_file() else None

    def connect(self) -> Control:
        """Open a connection to the host.

        Raises:
            HostGoneError: nobody listens there.
        """
        return Control(self.address, self.token)

    def relaunch(self, order: Order) -> Launched:
        """Begin to start what an earlier order started."""
        root = self.ground.run_dir if self.ground else None
        return Launched(self.connect(), order, self.limits, root)

    def launch(
        self,
        *,
        env: Mapping[str, str | None] | None = None,
        entry: str | None = None,
        command: tuple[str, ...] | None = None,
        files: Mapping[str, str | bytes | None] | None = None,
        port_env: str = "",
    ) -> Launched:
        """Begin to start the app; a variable that is None in `env` is not set at all."""
        merged: dict[str, str | None] = {**self.lesson.lab.env, **self.env, **(env or {})}
        order = Order(
            folder=self.stage(files),
            entry=entry or self.lesson.lab.entry,
            env={name: value for name, value in merged.items() if value is not None},
            command=command,
            port_env=port_env,
            setting=tuple(_setting(env or {}, entry, command, files or {})),
        )
        self.conversation.last = launched = self.relaunch(order)
        return launched

    def close(self) -> None:
        """End the sockets' thread and remove the staged files."""
        self.loop.close()
        clear_away(self.folder)
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _setting(
    env: Mapping[str, str | None],
    entry: str | None,
    command: tuple[str, ...] | None,
    files: Mapping[str, str | bytes | None],
) -> Iterator[str]:
    """Say what a launch changes, a few words each."""
    if command:
        yield f"by {' '.join(command).replace('{port}', '8000')}"
    if entry:
        yield f"at the entry point {entry}"
    for name, value in env.items():
        yield f"without {name}" if value is None else f"with {name}={value}"
    own = [name for name, content in files.items() if content is not None]
    gone = [name for name, content in files.items() if content is None]
    yield from _each_or_all(own, "with its own {}", "with {} files of its own")
    yield from _each_or_all(gone, "without the file {}", "without {} files of yours")


def _each_or_all(names: list[str], each: str, all_of_them: str) -> list[str]:
    """Say something of each name, or of all together if there are many."""
    if len(names) > MOST_NAMES:
        return [all_of_them.format(len(names))]
    return [each.format(name) for name in names]
