"""Points 3 to 6: what the judge must say of starter, solution, wrong and right answers."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from checker.authoring.answers import (
    WrongAnswer,
    apply_edits,
    read_wrong_answers,
    right_answers,
    unparsable_file,
)
from checker.authoring.bugs import count_bugs
from checker.authoring.subject import Subject
from checker.catalog.model import Task, Topic
from checker.errors import CurriculumError
from checker.files import read_tree, write_tree
from checker.kinds import Verdict
from checker.render.plain import plain_card
from checker.report import Card, TaskResult, TopicReport

SEEDS = (1, 2, 3, 4, 5)
STRICT = {"PYTHONWARNINGS": "error"}
LEAST_WRONG_ANSWERS = 5
AT_ONCE = 3  # most checks wait for the lab most of the time
Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Examiner(Protocol):
    """What the points need of a judge."""

    def check(
        self,
        topic: Topic,
        folder: Path,
        seed: int | None = None,
        env: dict[str, str] | None = None,
    ) -> TopicReport:
        """Judge the lab in a folder; `env` is added to each launch's environment."""


def check_starter(subject: Subject, judge: Examiner) -> list[str]:
    """Prove that the untouched lab loads and that each task fails, none of them by accident."""
    place = subject.name(subject.rooms.lab)
    report = judge.check(subject.topic, subject.rooms.lab, seed=SEEDS[0])
    if report.verdict in {Verdict.BROKEN, Verdict.ERROR, Verdict.TIMEOUT}:
        return [f"{place} must load and fail task by task: {_summary(report)}"]
    requiring = {task.id for task in subject.lesson.tasks if task.requires}
    problems = []
    for task in report.tasks:
        allowed = {Verdict.FAILED} | ({Verdict.BLOCKED} if task.id in requiring else set())
        if task.verdict not in allowed:
            problems.append(
                f"{place}: the task {task.id} is {task.verdict} in the starter; "
                "take its answer out of the region, or make the suite ask for it."
            )
        elif task.verdict is Verdict.FAILED and _card(report, task) is None:
            problems.append(f"{place}: the task {task.id} fails without a card; see its check.")
    return problems


def check_solution(subject: Subject, judge: Examiner) -> list[str]:
    """Prove that the solution passes with five seeds while warnings are errors."""
    place = subject.name(subject.rooms.solution)

    def check(seed: int) -> TopicReport:
        return judge.check(subject.topic, subject.rooms.solution, seed=seed, env=STRICT)

    for seed, report in zip(SEEDS, _side_by_side(subject, check, SEEDS), strict=False):
        if report.verdict is not Verdict.PASSED:
            return [f"{place} does not pass with seed {seed} and -W error: {_summary(report)}"]
    return []


def check_wrong_answers(subject: Subject, judge: Examiner) -> list[str]:
    """Prove that there are enough wrong answers and that each is caught for what it is."""
    place = f"{subject.name(subject.rooms.answers)}/wrong.toml"
    try:
        answers = read_wrong_answers(subject.rooms.answers)
    except CurriculumError as error:
        return [f"{place} {error.message}. {error.remedy}"]
    problems = _check_amount(subject, answers)
    found = _side_by_side(subject, lambda answer: _judge_wrong(subject, answer, judge), answers)
    for answer, faults in zip(answers, found, strict=True):
        problems += [f"{answer.name} {fault}" for fault in faults]
    return [f"{place}: {problem}" for problem in problems]


def check_right_answers(subject: Subject, judge: Examiner) -> list[str]:
    """Prove that there is a right answer, built differently, and that each passes."""
    place = f"{subject.name(subject.rooms.answers)}/right"
    answers = right_answers(subject.rooms.answers)
    if not answers:
        return [f"{place} is empty: add a lab that solves the tasks by another design."]
    problems = []
    for name, folder in answers.items():
        if fault := unparsable_file(read_tree(folder)):
            problems.append(f"{place}/{name}/{fault}; make it parse.")
            continue
        if name in subject.copies:
            problems.append(f"{place}/{name} is the solution again; build it differently.")
        report = judge.check(subject.topic, folder, seed=SEEDS[0])
        if report.verdict is not Verdict.PASSED:
            problems.append(f"{place}/{name} does not pass: {_summary(report)}")
    return problems


def _side_by_side(
    subject: Subject, check: Callable[[Asked], Found], every: Sequence[Asked]
) -> Iterator[Found]:
    """Make several checks at once, unless one alone keeps all processors busy with its trials."""
    with ThreadPoolExecutor(1 if count_bugs(subject) else AT_ONCE) as pool:
        yield from pool.map(check, every)


def _check_amount(subject: Subject, answers: tuple[WrongAnswer, ...]) -> list[str]:
    tasks = [task.id for task in subject.lesson.tasks]
    named = [answer.task for answer in answers]
    names = [answer.name for answer in answers]
    problems = [f"add a wrong answer for the task {task}." for task in tasks if task not in named]
    problems += [
        f"{a.name} names the unknown task {a.task}." for a in answers if a.task not in tasks
    ]
    problems += [f"{name} appears twice." for name in sorted(set(names)) if names.count(name) > 1]
    if len(answers) < LEAST_WRONG_ANSWERS:
        problems.append(f"add wrong answers: {len(answers)} of {LEAST_WRONG_ANSWERS} are there.")
    return problems


def _judge_wrong(subject: Subject, answer: WrongAnswer, judge: Examiner) -> list[str]:
    if answer.task not in [task.id for task in subject.lesson.tasks]:
        return []
    try:
        tree = apply_edits(read_tree(subject.rooms.solution), answer)
    except CurriculumError as error:
        return [f"does not fit: {error.message}. {error.remedy}"]
    fault = unparsable_file(tree)
    if fault and answer.verdict is not Verdict.BROKEN:
        return [f"does not parse: {fault}; correct `replace`, or expect the verdict broken."]
    with tempfile.TemporaryDirectory(prefix="checker-wrong-") as folder:
        write_tree(tree, Path(folder))
        report = judge.check(subject.topic, Path(folder), seed=SEEDS[0])
    return _check_verdicts(subject, answer, report) or _check_card(answer, report)


def _check_verdicts(subject: Subject, answer: WrongAnswer, report: TopicReport) -> list[str]:
    """Compare the verdict of each task with the one that the wrong answer must get."""
    blocked = _dependents(subject.lesson.tasks, answer.task)
    problems = []
    for task in report.tasks:
        allowed = {Verdict.PASSED}
        if task.id == answer.task or answer.verdict is Verdict.BROKEN:
            allowed = {answer.verdict}
        elif task.id in blocked:
            allowed = {Verdict.PASSED, Verdict.BLOCKED}
        if task.verdict not in allowed:
            expected = " or ".join(sorted(allowed))
            problems.append(
                f"must make only {answer.task} {answer.verdict}: {task.id} is {task.verdict}, "
                f"not {expected}{_why(report, task)}; sharpen the edit or the suite."
            )
    return problems


def _dependents(tasks: tuple[Task, ...], root: str) -> set[str]:
    """List the tasks that require `root`, directly or not; tasks come after what they require."""
    found = {root}
    for task in tasks:
        if found & set(task.requires):
            found.add(task.id)
    return found - {root}


def _check_card(answer: WrongAnswer, report: TopicReport) -> list[str]:
    task = next(result for result in report.tasks if result.id == answer.task)
    card = _card(report, task)
    if card is None:
        return ["fails without a card; see its check."]
    text = " ".join(plain_card(card).split())
    missing = [words for words in answer.says if " ".join(words.split()) not in text]
    return [
        f"must be told {words!r}, but its card says: {card.headline} "
        f"(expected {card.expected}; got {card.got}); correct `says`, the suite or the diagnosis."
        for words in missing
    ]


def _card(report: TopicReport, task: TaskResult) -> Card | None:
    """Find the card that explains a task: of its first check that has one, else the lab's own."""
    return next((check.card for check in task.checks if check.card is not None), report.card)


def _why(report: TopicReport, task: TaskResult) -> str:
    card = _card(report, task)
    return f" ({card.headline})" if card and task.verdict is not Verdict.PASSED else ""


def _summary(report: TopicReport) -> str:
    """Say in one sentence what went wrong first."""
    found = report.first_card()
    if found is None:
        return f"it is {report.verdict}, without a card."
    task, check, card = found
    place = f"{task.id}, {check.id}: " if task and check else ""
    return f"it is {report.verdict}: {place}{card.headline}{_details(card)}"


def _details(card: Card) -> str:
    details = [f"expected {card.expected}"] * (card.expected is not None)
    details += [f"got {card.got}"] * (card.got is not None)
    details += [str(card.where)] * (card.where is not None)
    return f" ({'; '.join(details)})" if details else ""
