"""Say whose doing it was that a sandboxed lab lost its ground: a limit, or its own code.

Nothing but the submission runs in its sandbox. A host that ends there in the middle of a check was
ended by a limit or by that code, so the verdict is the lab's own and not an error of ours.
"""

from collections.abc import Callable, Sequence

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.judge.lines import read_report, report_line
from checker.judge.run import Run, faulted
from checker.judge.tally import build_report
from checker.report import Card, CheckResult, Kind, TopicReport, Verdict

_FULL_DISK = ("No space left on device", "[Errno 28]", "[Errno 122]", "[Errno 27]")
_ENDED = (Kind.CHECKER, Kind.PROCESS_ENDED, Kind.CONNECTION)
_LIMITED = Card(
    kind=Kind.PROCESS_ENDED,
    headline="The app came to a limit of its sandbox: {}.",
    why=("What one lab may use is limited; all that it starts counts.",),
    next_step="Look for a loop that starts processes, or for data that grows without an end.",
)
_KILLED = Card(
    kind=Kind.PROCESS_ENDED,
    headline="The process that runs the lab was ended while the lab was judged.",
    why=("Nothing else runs in the lab's sandbox: its own code, or what it started, did it.",),
    next_step="Remove what ends processes, or closes files, that the code did not start or open.",
)


def attributed(
    line: str, run: Run, catalog: Catalog, overruns: Sequence[str], dead: Callable[[], bool]
) -> str:
    """Give the line that tells the verdict, with the lab's own where the lab was ended.

    Args:
        line: what the worker said: a report or a fault.
        run: what was asked for.
        catalog: has the topic's lesson.
        overruns: the limits that were reached.
        dead: tells whether the host has ended, or does not answer any more.
    """
    report = read_report(line)
    lost = (report is None or report.verdict is Verdict.ERROR) and dead()
    if report is None:
        if not (lost or overruns):
            return line
        report = faulted(catalog, run, {}, EnvironmentFaultError("The host is gone."))
    if report.verdict is Verdict.PASSED:
        return line
    full = [] if overruns or not _names_full_disk(report) else ["its disk, or one file, is full"]
    reached = [*overruns, *full]
    if not (lost or reached):
        return line
    return report_line(_explained(report, run, catalog, reached, lost=lost))


def remarked(line: str, attempts: int) -> str:
    """Give the line, with a remark on attempts to reach a network if there were any."""
    report = read_report(line) if attempts else None
    if report is None:
        return line
    times = "once" if attempts == 1 else f"{attempts} times"
    remark = f"It tried {times} to reach an address outside of its sandbox, which has no network."
    return report_line(report.model_copy(update={"remarks": (*report.remarks, remark)}))


def _names_full_disk(report: TopicReport) -> bool:
    cards = [report.card, *(check.card for task in report.tasks for check in task.checks)]
    return any(
        words in text
        for card in cards
        if card is not None
        for text in (card.headline, card.got or "", card.detail or "")
        for words in _FULL_DISK
    )


def _explained(
    report: TopicReport, run: Run, catalog: Catalog, reached: list[str], *, lost: bool
) -> TopicReport:
    cause = _KILLED
    if reached:
        words = " and ".join(reached)
        cause = _LIMITED.model_copy(update={"headline": _LIMITED.headline.format(words)})
    results = {
        check.id: _own(check, cause, lost=lost or bool(reached))
        for task in report.tasks
        for check in task.checks
    }
    return build_report(
        run.topic,
        catalog.lesson(run.topic),
        results,
        seed=report.seed,
        seconds=report.seconds,
        card=_card(report.card, cause) if report.card else None,
        sandbox=report.sandbox,
        versions=report.versions,
    )


def _own(check: CheckResult, cause: Card, *, lost: bool) -> CheckResult:
    """Give a check's result as the lab's own; what passed before stays."""
    if check.verdict in (Verdict.PASSED, Verdict.BLOCKED):
        return check
    verdict = Verdict.FAILED if lost and check.verdict is Verdict.ERROR else check.verdict
    card = _card(check.card, cause) if check.card else None
    return check.model_copy(update={"verdict": verdict, "card": card})


def _card(card: Card, cause: Card) -> Card:
    """Put the cause in place of a card that tells of an end, else among the reasons of the card."""
    if card.kind in _ENDED:
        update = {"request": card.request, "earlier": card.earlier, "where": card.where}
        detail = None if card.kind is Kind.CHECKER else card.detail
        return cause.model_copy(update={**update, "detail": detail})
    return card.model_copy(update={"why": (cause.headline, *card.why)})
