"""The gate over a place: all points of all topics, with judges and kernels side by side."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import chain

from checker.authoring.answers import read_wrong_answers, right_answers
from checker.authoring.bugs import count_bugs
from checker.authoring.kernels import Kernels, open_kernels
from checker.authoring.lint import Findings, lint_topics
from checker.authoring.points import Judges, check_point
from checker.authoring.rooms import covered_focus
from checker.authoring.subject import (
    Point,
    Subject,
    begun_topics,
    load_subject,
    missing_room_problems,
)
from checker.authoring.tree import stray_files
from checker.catalog import Catalog
from checker.catalog.model import Topic
from checker.errors import CheckerError, CurriculumError

LONGEST_FIRST = (Point.NOTEBOOK, Point.WRONG, Point.STARTER, Point.SOLUTION, Point.RIGHT)
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TopicResult:
    """What the gate found of one topic; the numbers count its tasks, focus items, answers, bugs."""

    id: str
    ok: bool
    tasks: int = 0
    focus_items: int = 0
    focus_covered: int = 0
    wrong_answers: int = 0
    right_answers: int = 0
    problems: tuple[str, ...] = ()
    broken_apps: int = 0

    def data(self) -> dict[str, object]:
        """Give the result as JSON data; only topics that have broken apps tell their number."""
        data = asdict(self)
        if not self.broken_apps:
            del data["broken_apps"]
        return data


@dataclass(frozen=True, slots=True)
class Verification:
    """What the gate found of a place; `problems` are those of no topic, `notes` are none."""

    topics: tuple[TopicResult, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.problems and all(topic.ok for topic in self.topics)

    def data(self) -> dict[str, object]:
        """Give the result as JSON data."""
        return {
            "ok": self.ok,
            **asdict(self),
            "topics": tuple(topic.data() for topic in self.topics),
        }


def verify(
    catalog: Catalog,
    place: str,
    points: tuple[Point, ...],
    judges: Judges,
    tell: Tell = lambda _: None,
    notes: tuple[str, ...] = (),
) -> Verification:
    """Prove the points for every topic of a place that has at least one room.

    Args:
        catalog: of a checkout.
        place: a topic, a section or "all".
        points: those to prove.
        judges: as many as there are to work with.
        tell: gets a few words on each step that is done.
        notes: on the judges, for the reader of the result.

    Raises:
        UsageError: there is no such place.
    """
    topics = begun_topics(catalog, place)
    loaded = {topic.id: _load(catalog, topic) for topic in topics}
    subjects = [subject for subject in loaded.values() if isinstance(subject, Subject)]
    with (
        open_kernels(len(subjects)) as kernels,
        ThreadPoolExecutor(1) as linter,
    ):
        linted = topics if Point.SOLUTION in points else ()
        lint = linter.submit(lint_topics, catalog, linted)
        prove = partial(_prove, judges=judges, lint=lint, tell=tell, kernels=kernels)
        ordered = sorted(points, key=_urgency)
        found = _share_out([(one, point) for point in ordered for one in subjects], prove)
    results = []
    for topic in topics:
        problems = missing_room_problems(catalog.layout.content, catalog.rooms(topic))
        for point in points:
            problems += found.get((topic.id, point), [])
        results.append(_result(topic, loaded[topic.id], problems))
    strays = _strays(catalog, place) if Point.ROOMS in points else []
    return Verification(tuple(results), tuple(strays), notes)


def _load(catalog: Catalog, topic: Topic) -> Subject | str:
    """Read a begun topic, or say what keeps it from being read."""
    try:
        return load_subject(catalog, topic)
    except CheckerError as error:
        return f"{error.message} {error.remedy}"


def _share_out(
    jobs: list[tuple[Subject, Point]], prove: Callable[[Subject, Point], list[str]]
) -> dict[tuple[str, Point], list[str]]:
    """Give each job to one of three workers, which end together.

    One begins with the topics whose trials keep the processors busy, one with those whose labs let
    it wait, and one with the notebooks, which wait for their kernels.
    """
    found: dict[tuple[str, Point], list[str]] = {}
    lanes: list[list[tuple[Subject, Point]]] = [[], [], []]
    for subject, point in jobs:
        lane = 2 if point is Point.NOTEBOOK else 0 if count_bugs(subject) else 1
        lanes[lane].append((subject, point))
    trials, others, notebooks = map(iter, lanes)

    def work(*lanes: Iterator[tuple[Subject, Point]]) -> None:
        for subject, point in chain(*lanes):
            found[subject.topic.id, point] = prove(subject, point)

    with ThreadPoolExecutor(3) as pool:
        workers = [
            pool.submit(work, trials, others, notebooks),
            pool.submit(work, others, trials, notebooks),
            pool.submit(work, notebooks, trials, others),
        ]
    for worker in workers:
        worker.result()
    return found


def _urgency(point: Point) -> int:
    """Order the work so that the longest begins first."""
    return LONGEST_FIRST.index(point) if point in LONGEST_FIRST else len(LONGEST_FIRST)


def _prove(
    subject: Subject,
    point: Point,
    *,
    judges: Judges,
    lint: Future[Findings],
    tell: Tell,
    kernels: Kernels | None,
) -> list[str]:
    try:
        problems = check_point(subject, point, judges, lint.result, kernels)
    except CheckerError as error:
        problems = [f"{point} could not be proven: {error.message} {error.remedy}"]
    tell(f"{subject.topic.id} {point}: {len(problems)} to do" if problems else "")
    return problems


def _result(topic: Topic, loaded: Subject | str, problems: list[str]) -> TopicResult:
    if isinstance(loaded, str):
        counts = TopicResult(topic.id, ok=False, focus_items=len(topic.focus))
        return replace(counts, problems=(loaded, *problems))
    try:
        wrong = len(read_wrong_answers(loaded.rooms.answers))
    except CurriculumError:
        wrong = 0
    return TopicResult(
        id=topic.id,
        ok=not problems,
        tasks=len(loaded.lesson.tasks),
        focus_items=len(topic.focus),
        focus_covered=len(covered_focus(loaded)),
        wrong_answers=wrong,
        right_answers=len(right_answers(loaded.rooms.answers)),
        broken_apps=count_bugs(loaded),
        problems=tuple(problems),
    )


def _strays(catalog: Catalog, place: str) -> list[str]:
    """List stray files: of the whole tree or of a section; a single topic is not blamed for any."""
    topics = catalog.place(place)
    if topics == catalog.topics:
        return stray_files(catalog)
    section = topics[0].section_slug
    found = stray_files(catalog) if len(topics) > 1 else []
    return [problem for problem in found if f"/{section}/" in problem]
