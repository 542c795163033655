"""Point at the place that the learner can change: the task's region, not the code that is given."""

from checker.host.facts import Frame
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.exceptions import SWALLOWED
from checker.judge.evidence import Region
from checker.report import Card, Kind, Location

ABOUT_A_ROUTE = frozenset(
    {
        Kind.STATUS,
        Kind.BODY,
        Kind.HEADER,
        Kind.NOT_JSON,
        Kind.ASSERTION,
        Kind.UNPROCESSABLE,
        Kind.RESPONSE_MODEL,
        Kind.HANDSHAKE,
        Kind.MESSAGE,
        Kind.SOCKET_CLOSED,
    }
)

EMPTY = 2  # lines from the opening mark of a region without text to its closing one
WITHOUT_A_LINE = frozenset(
    {
        Kind.NOT_FOUND,
        Kind.ASSERTION,
        Kind.COMMAND,
        Kind.IMPORT_ERROR,
        Kind.BUG_UNNOTICED,
        Kind.HANDSHAKE,
        Kind.MESSAGE,
        Kind.SOCKET_CLOSED,
    }
)


def blamed_frame(case: Case, frames: list[Frame]) -> Frame | None:
    """Choose the innermost line that stands in a region; without regions, the innermost."""
    theirs = [
        one for one in frames if any(_holds(it, one["file"], one["line"]) for it in _regions(case))
    ]
    chosen = theirs or frames
    return chosen[-1] if chosen else None


def is_given(case: Case, frame: Frame | None) -> bool:
    """Tell whether a line stands outside all regions, in code that the learner need not touch."""
    regions = _regions(case)
    return (
        frame is not None
        and bool(regions)
        and not any(_holds(one, frame["file"], frame["line"]) for one in regions)
    )


def is_unbegun(case: Case) -> bool:
    """Tell whether the task has one region, and nothing is written in it yet."""
    own = [one for one in _regions(case) if one.task == case.failure.check.task]
    return len(own) == 1 and own[0].last - own[0].first <= EMPTY


def aim(card: Card, case: Case) -> Card:
    """Move a card that points at a given route, or nowhere, to the region of its task."""
    where = card.where
    regions = [one for one in _regions(case) if one.task == case.failure.check.task]
    about = card.kind in ABOUT_A_ROUTE or SWALLOWED.why in card.why
    if where is None and regions and about and _is_built_in(card, case):
        task = regions[0].task
        there = f"Work on the region `{task}`: FastAPI wrote this answer from what is declared."
        return card.model_copy(update={"where": _location(regions[0]), "next_step": there})
    if where is None and len(regions) == 1 and card.kind in WITHOUT_A_LINE:
        return card.model_copy(update={"where": _location(regions[0])})
    if where is None or not regions or not about:
        return card
    if any(_holds(one, where.file, where.line) for one in regions):
        return card
    first = regions[0]
    given = not any(_holds(one, where.file, where.line) for one in _regions(case))
    step = card.next_step
    if given and where.function and step and f"`{where.function}`" in step:
        step = f"Work on the region `{first.task}`; `{where.function}` is given and can stay."
    return card.model_copy(update={"where": _location(first), "next_step": step})


def _is_built_in(card: Card, case: Case) -> bool:
    """Tell whether FastAPI's own function answered, as it does for `/openapi.json`."""
    asked = card.request
    exchange = next((one for one in reversed(case.http) if asked and one.path == asked.path), None)
    facts = case.facts(exchange) if exchange is not None else None
    return facts is not None and facts["endpoint"] is not None and facts["location"] is None


def _location(region: Region) -> Location:
    return Location(file=region.file, line=region.first, source=region.text)


def _regions(case: Case) -> tuple[Region, ...]:
    return case.failure.regions


def _holds(region: Region, file: str, line: int) -> bool:
    return region.file == file and region.first <= line <= region.last
