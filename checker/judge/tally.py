"""Count what was executed against what the catalog asks, and fail closed."""

from collections.abc import Iterable, Mapping

from checker.catalog.model import Lesson, Task, Topic
from checker.report import Card, CheckResult, Kind, TaskResult, TopicReport, Verdict

# The worst first: what a task or topic says when its parts differ.
WORST_FIRST = (
    Verdict.ERROR,
    Verdict.BROKEN,
    Verdict.TIMEOUT,
    Verdict.FAILED,
    Verdict.BLOCKED,
    Verdict.PASSED,
)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the verdict that the whole takes from its parts; nothing executed is an error."""
    found = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in found), Verdict.ERROR)


def build_report(
    topic: Topic,
    lesson: Lesson,
    results: Mapping[str, CheckResult],
    *,
    seed: int,
    seconds: float,
    missing: Verdict = Verdict.ERROR,
    card: Card | None = None,
    sandbox: str = "bare",
    versions: Mapping[str, str] | None = None,
) -> TopicReport:
    """Build the report of a topic from the checks that were executed.

    Args:
        topic: the topic that was judged.
        lesson: its tasks and checks: the list that must be complete.
        results: what was executed, by check id.
        seed: the seed of the run.
        seconds: how long the run took.
        missing: the verdict of a check that was not executed.
        card: a trouble that concerns the whole lab.
        sandbox: how the host was started.
        versions: versions of Python and the frameworks.
    """
    tasks: list[TaskResult] = []
    for task in lesson.tasks:
        tasks.append(_task_result(task, results, missing, tasks))
    verdicts = [task.verdict for task in tasks]
    return TopicReport(
        topic=topic.id,
        title=topic.title,
        verdict=missing if card is not None and not results else worst(verdicts),
        tasks=tuple(tasks),
        card=card,
        seed=seed,
        seconds=round(seconds, 4),
        sandbox=sandbox,
        versions=dict(versions or {}),
    )


def _task_result(
    task: Task, results: Mapping[str, CheckResult], missing: Verdict, before: list[TaskResult]
) -> TaskResult:
    checks = tuple(
        results.get(check.id)
        or CheckResult(id=check.id, title=check.title, verdict=missing, card=_unrun(missing))
        for check in task.checks
    )
    failed = {one.id for one in before if one.verdict is not Verdict.PASSED}
    return TaskResult(
        id=task.id,
        title=task.title,
        verdict=worst(check.verdict for check in checks),
        points=task.points,
        checks=checks,
        blocked_by=tuple(one for one in task.requires if one in failed),
    )


def _unrun(missing: Verdict) -> Card | None:
    if missing is not Verdict.ERROR:
        return None
    return Card(
        kind=Kind.CHECKER,
        headline="This check was not executed, so it does not count as passed.",
        next_step="Run the check again with --debug and report what it prints.",
    )
