"""The points, each a function of a topic; the gate's tests and `verify` both call them."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from checker.authoring.bugs import check_bugs
from checker.authoring.judged import (
    Examiner,
    check_right_answers,
    check_solution,
    check_starter,
    check_wrong_answers,
)
from checker.authoring.kernels import Kernels
from checker.authoring.lint import Findings
from checker.authoring.notebooks import check_notebook
from checker.authoring.regions import check_regions
from checker.authoring.rooms import check_rooms
from checker.authoring.subject import Point, Subject, missing_rooms
from checker.catalog.model import Topic
from checker.report import TopicReport

_STATIC: dict[Point, Callable[[Subject], list[str]]] = {
    Point.ROOMS: check_rooms,
    Point.REGIONS: check_regions,
    Point.BUGS: check_bugs,
}
_JUDGED: dict[Point, Callable[[Subject, Examiner], list[str]]] = {
    Point.STARTER: check_starter,
    Point.SOLUTION: check_solution,
    Point.WRONG: check_wrong_answers,
    Point.RIGHT: check_right_answers,
}
_NEEDED: dict[Point, frozenset[str]] = {
    Point.ROOMS: frozenset(),
    Point.REGIONS: frozenset({"lab", "solution"}),
    Point.BUGS: frozenset({"lab", "solution"}),
    Point.STARTER: frozenset({"lab"}),
    Point.SOLUTION: frozenset({"solution"}),
    Point.WRONG: frozenset({"solution", "answers"}),
    Point.RIGHT: frozenset({"solution", "answers"}),
    Point.NOTEBOOK: frozenset({"notebook"}),
}


class Judges:
    """Judges that work as one for many threads.

    A topic goes to one that has judged its section before, whose modules and services are warm.
    """

    def __init__(self, judges: Iterable[Examiner]) -> None:
        self._free: list[tuple[Examiner, frozenset[str]]] = [(one, frozenset()) for one in judges]
        self._given_back = threading.Condition()

    def check(
        self,
        topic: Topic,
        folder: Path,
        seed: int | None = None,
        env: dict[str, str] | None = None,
    ) -> TopicReport:
        """Judge the lab in a folder; `env` is added to each launch's environment."""
        judge, sections = self._take(topic.section_slug)
        try:
            return judge.check(topic, folder, seed, env)
        finally:
            with self._given_back:
                self._free.append((judge, sections | {topic.section_slug}))
                self._given_back.notify()

    def _take(self, section: str) -> tuple[Examiner, frozenset[str]]:
        """Take the judge that knows the section, else one that knows any; of these the last."""
        with self._given_back:
            self._given_back.wait_for(lambda: self._free)
            _, _, place = max(
                (section in sections, bool(sections), place)
                for place, (_, sections) in enumerate(self._free)
            )
            return self._free.pop(place)


def check_point(
    subject: Subject,
    point: Point,
    judges: Judges,
    lint: Callable[[], Findings],
    kernels: Kernels | None = None,
) -> list[str]:
    """Prove one point of a topic and list what is left to do.

    A point whose rooms are missing has nothing to prove; the first point names them.

    Args:
        subject: the topic.
        point: the point.
        judges: who judge, where the point needs it.
        lint: gives the findings of ruff and mypy, waiting for them if it must.
        kernels: fork the notebook's kernel; without them it is a new interpreter.

    Raises:
        EnvironmentFaultError: the judge does not come up.
    """
    if _NEEDED[point] & missing_rooms(subject.rooms).keys():
        return []
    if point is Point.NOTEBOOK:
        return check_notebook(subject, kernels)
    if point in _STATIC:
        return _STATIC[point](subject)
    problems = _JUDGED[point](subject, judges)
    if point is Point.SOLUTION:
        problems += lint().get(subject.topic.id, [])
    return problems
