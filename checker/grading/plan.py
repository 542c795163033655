"""What there is to do: which results are due, and which of them are missing."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import product

from checker.catalog import Catalog, Topic
from checker.errors import UsageError
from checker.files import Tree, tree_digest
from checker.grading.model import Intake, Submission, TaskLine, TopicLine
from checker.grading.store import Answer, ManifestLine, Store
from checker.grading.work import TopicWork, Work, curriculum_digest
from checker.judge.run import versions
from checker.kinds import Verdict
from checker.sandbox.limits import HostLimits


@dataclass(frozen=True, slots=True)
class Conditions:
    """What every result of a run hangs on beside code and suite.

    Args:
        seed: of the data that all students get.
        sandbox: bubblewrap or bare.
        limits: of each submission's host, by name.
        checker: version of the workbook.
        versions: of the packages that a verdict depends on.
        curriculum: see `curriculum_digest`; workers refuse another one.
    """

    seed: int
    sandbox: str
    limits: Mapping[str, int]
    checker: str
    versions: Mapping[str, str]
    curriculum: str


def find_conditions(
    catalog: Catalog, seed: int, sandbox: str, limits: HostLimits | None = None
) -> Conditions:
    """Give the conditions of a run by this workbook on this machine."""
    return Conditions(
        seed=seed,
        sandbox=sandbox,
        limits=(limits or HostLimits()).figures(),
        checker=catalog.version,
        versions=versions(),
        curriculum=curriculum_digest(catalog),
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """What to judge now; None takes all. What is left out keeps the results that it has.

    Args:
        topics: ids.
        students: ids or names.
        since: judges what was handed in then or later, and what has no time.
    """

    topics: frozenset[str] | None = None
    students: frozenset[str] | None = None
    since: datetime | None = None

    def takes_topic(self, topic: str) -> bool:
        """Tell whether a topic is to be judged."""
        return self.topics is None or topic in self.topics

    def takes(self, submission: Submission, name: str) -> bool:
        """Tell whether a submission, of a student of this name, is to be judged."""
        named = self.students is None or bool({submission.student, name} & self.students)
        at = submission.submitted_at
        return named and (self.since is None or at is None or at >= self.since)


@dataclass(frozen=True, slots=True)
class Plan:
    """The class as it was handed in, and what is left to do, by student."""

    intake: Intake
    manifest: tuple[ManifestLine, ...]
    answers: tuple[Answer, ...]
    work: tuple[Work, ...]

    @property
    def verdicts(self) -> int:
        """Count the verdicts that are left to form."""
        return sum(len(topic.repeats) for work in self.work for topic in work.topics)


def make_plan(
    catalog: Catalog,
    intake: Intake,
    store: Store,
    conditions: Conditions,
    selection: Selection,
    repeats: int = 1,
) -> Plan:
    """Compare what was handed in with what the store has.

    Args:
        catalog: has the suites.
        intake: what was handed in.
        store: of the class; it is only read.
        conditions: that all results of this run have in common.
        selection: what to judge now.
        repeats: how often each answer is judged.

    Raises:
        UsageError: the selection names a student that is not in the class.
    """
    names = {student.id: student.name for student in intake.students}
    _require_students(selection, names)
    manifest = _manifest(catalog, store.manifest(), selection)
    known = {(one.student, one.topic): one for one in store.answers()}
    judged = store.judged()
    answers = []
    due: defaultdict[str, list[TopicWork]] = defaultdict(list)
    for submission, line in product(intake.submissions, manifest):
        student, topic = submission.student, line.topic.id
        tree = submission.topics.get(topic)
        if tree is None:
            continue
        answer = _answer(catalog, student, line, tree, conditions)
        now = selection.takes_topic(topic) and selection.takes(submission, names[student])
        if not now:
            answer = _as_before(answer, known)
        answers.append(answer)
        missing = tuple(_missing(answer, judged, repeats))
        if now and missing:
            due[student].append(TopicWork(topic, tree, answer.due, line.suite, missing))
    work = tuple(_work(student, topics, conditions) for student, topics in due.items())
    return Plan(intake, manifest, tuple(answers), work)


def _missing(
    answer: Answer, judged: Mapping[tuple[str, int], Verdict], repeats: int
) -> Iterator[int]:
    """Give the repeats without a verdict of their own; an error of ours is none."""
    for repeat in range(repeats):
        if judged.get((answer.due, repeat), Verdict.ERROR) is Verdict.ERROR:
            yield repeat


def _work(student: str, topics: Iterable[TopicWork], conditions: Conditions) -> Work:
    return Work(
        student=student,
        topics=tuple(topics),
        seed=conditions.seed,
        sandbox=conditions.sandbox,
        curriculum=conditions.curriculum,
        limits=conditions.limits,
    )


def _as_before(answer: Answer, known: Mapping[tuple[str, str], Answer]) -> Answer:
    """Keep the result of an answer that is not to be judged now, if its files are the same."""
    before = known.get((answer.student, answer.topic))
    return before if before is not None and before.code == answer.code else answer


def _require_students(selection: Selection, names: Mapping[str, str]) -> None:
    unknown = (selection.students or frozenset()) - names.keys() - set(names.values())
    if unknown:
        raise UsageError(
            f"There is no student {', '.join(sorted(unknown))} in this class.",
            "Name students by their id; `checker grade ... --dry-run` lists them.",
        )


def _manifest(
    catalog: Catalog, stored: Iterable[ManifestLine], selection: Selection
) -> tuple[ManifestLine, ...]:
    """List the topics that count: those that did before and those named now; at first, all."""
    before = {line.topic.id: line for line in stored}
    chosen = selection.topics
    if chosen is None:
        chosen = frozenset(before) or frozenset(topic.id for topic in catalog.written)
    return tuple(
        _line(catalog, topic) if topic.id in chosen else before[topic.id]
        for topic in catalog.topics
        if topic.id in chosen | before.keys()
    )


def _line(catalog: Catalog, topic: Topic) -> ManifestLine:
    tasks = tuple(
        TaskLine(task.id, task.title, task.points) for task in catalog.lesson(topic).tasks
    )
    return ManifestLine(TopicLine(topic.id, topic.title, tasks), catalog.digest(topic))


def _answer(
    catalog: Catalog, student: str, line: ManifestLine, tree: Tree, conditions: Conditions
) -> Answer:
    lesson = catalog.lesson(catalog.find(line.topic.id))
    code = tree_digest(tree)
    parts = {
        "seed": conditions.seed,
        "sandbox": conditions.sandbox,
        "limits": dict(conditions.limits),
        "checker": conditions.checker,
        "versions": dict(conditions.versions),
        "student": student,
        "topic": line.topic.id,
        "code": code,
        "suite": line.suite,
        "tasks": [asdict(task) for task in line.topic.tasks],
        "time_limits": asdict(lesson.limits),
        "lab": asdict(lesson.lab),
    }
    text = json.dumps(parts, sort_keys=True)
    return Answer(student, line.topic.id, code, hashlib.sha256(text.encode()).hexdigest())
