"""What a suite is given: the running lab, more launches of it, and seeded data."""

import contextlib
import random
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

import pytest

from checker.errors import CurriculumError
from checker.judge.evidence import DidNotFail, LaunchFailed
from checker.judge.exam import Exam
from checker.judge.examination import Examination
from checker.judge.fake import Fake
from checker.judge.lab import Lab
from checker.judge.proxy import Proxy
from checker.judge.session import Session

if TYPE_CHECKING:
    from checker.services.model import Model
    from checker.services.postgres import Database
    from checker.services.redis import Redis

Files = Mapping[str, str | bytes | None]
Env = Mapping[str, str | None]


class Launch:
    """Start further instances of the learner's app; each ends with the check.

    Calling it takes `env` (None unsets a variable), `entry` (`module:attribute`), `command` (as
    `["fastapi", "run", "--port", "{port}"]`; `port_env` names a variable that gets the port, too)
    and `files` (path to text; None deletes) for a private copy of the lab.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.labs: list[Lab] = []

    def __call__(
        self,
        *,
        env: Env | None = None,
        entry: str | None = None,
        command: list[str] | None = None,
        port_env: str = "",
        files: Files | None = None,
        ready: bool = True,
    ) -> Lab:
        """Start an instance and, with `ready`, wait until it accepts requests.

        Raises:
            LaunchFailed: it does not come up.
        """
        launched = self._session.launch(
            env=env,
            entry=entry,
            command=tuple(command) if command else None,
            files=files,
            port_env=port_env,
        )
        lab = Lab(self._session, launched)
        self.labs.append(lab)
        if ready:
            launched.wait_ready()
        return lab

    def fails(
        self,
        *,
        env: Env | None = None,
        entry: str | None = None,
        command: list[str] | None = None,
        files: Files | None = None,
    ) -> LaunchFailed:
        """Start an instance that must not come up, and give the reason why it did not."""
        try:
            self(env=env, entry=entry, command=command, files=files)
        except LaunchFailed as failed:
            return failed
        raise DidNotFail


class LabRoom(Protocol):
    """Keeps the labs of a run."""

    session: Session
    seed: int

    def shared_lab(self) -> Lab:
        """Give the lab that all checks share, started anew if it was lost."""

    def examination(self) -> Examination:
        """Give the trials of the tests that the learner writes."""


class Fixtures:
    """The fixtures of one run, registered as a plugin of pytest.

    None asks for `request`: pytest makes that anew for each fixture, which takes longer than all
    that they do.

    Args:
        room: keeps the labs.
    """

    def __init__(self, room: LabRoom) -> None:
        self._room = room
        self._check = self._task = ""

    def begin_check(self, name: str, task: str) -> None:
        """Take the name of the check that runs from here on, and of its task."""
        self._check, self._task = name, task

    @pytest.fixture
    def lab(self) -> Lab:
        """Give the running lab that all checks of the topic share."""
        return self._room.shared_lab()

    @pytest.fixture
    def launch(self) -> Iterator[Launch]:
        """Give the means to start the app anew, in another way."""
        starter = Launch(self._room.session)
        yield starter
        for one in starter.labs:
            one.close()

    @pytest.fixture
    def proxy(self, launch: Launch) -> Proxy:
        """Give the means to start the learner's proxy in front of instances of the app."""
        return Proxy(launch)

    @pytest.fixture
    def exam(self) -> Exam:
        """Give the tests that the learner wrote for the task of this check."""
        return Exam(self._room.examination(), self._task)

    @pytest.fixture
    def rng(self) -> random.Random:
        """Give a random generator seeded with the run's seed and the check's name."""
        return random.Random(self._seed)

    @pytest.fixture
    def fake(self) -> Fake:
        """Give seeded data of the library."""
        return Fake(self._seed)

    @pytest.fixture
    def redis(self) -> "Iterator[Redis]":
        """Give the Redis that the lab uses."""
        from checker.services.redis import Redis

        with contextlib.closing(Redis(*self._service("redis"))) as redis:
            yield redis

    @pytest.fixture
    def database(self) -> "Iterator[Database]":
        """Give the PostgreSQL database that the lab uses."""
        from checker.services.postgres import Database

        with contextlib.closing(Database(*self._service("postgres"))) as database:
            yield database

    @pytest.fixture
    def model(self) -> "Iterator[Model]":
        """Give the language model that the lab uses; it has been asked nothing in this check."""
        from checker.services.model import Model

        with contextlib.closing(Model(*self._service("model"))) as model:
            model.reset()
            yield model

    def _service(self, name: str) -> tuple[dict[str, str], Mapping[str, str]]:
        """Give the control and the variables of a service.

        Raises:
            CurriculumError: the lesson does not declare it.
        """
        session = self._room.session
        if name not in session.lesson.services:
            raise CurriculumError(
                f"The suite uses the service {name}, which its lesson does not declare.",
                f"Add `services: [{name}]` to the lesson's front matter.",
            )
        return session.controls[name], session.env

    @property
    def _seed(self) -> str:
        return f"{self._room.seed}:{self._check}"
