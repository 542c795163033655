"""Mention a coroutine that nobody awaited: only a warning in the server's log tells of it."""

import re

from checker.judge.diagnosis.case import Case
from checker.report import Card, Kind

_WARNING = re.compile(
    r"^(?P<file>[^\s/\\:][^\s:]*\.py):(?P<line>\d+): "
    r"RuntimeWarning: coroutine '(?P<name>[^']+)' was never awaited",
    re.MULTILINE,
)
# What these cards name comes before the function's end, or has nothing to do with it.
_OTHERS = frozenset(
    {Kind.SERVER_ERROR, Kind.UNPROCESSABLE, Kind.METHOD_NOT_ALLOWED, Kind.COMMAND, Kind.TEST_RUN}
)


def mention_unawaited(card: Card, case: Case) -> Card:
    """Add to a card that a call in the learner's files only made a coroutine, if one did.

    Lines in the region of another task are passed over, as its own check tells of them.
    """
    if card.kind in _OTHERS or any("await" in sentence for sentence in card.why):
        return card
    found = [one for one in _WARNING.finditer(case.failure.probe.log()) if _concerns(one, case)]
    if not found:
        return card
    file, line, name = found[-1]["file"], found[-1]["line"], found[-1]["name"].rpartition(".")[2]
    why = (
        f"Python warns that the coroutine `{name}` was never awaited ({file}:{line}): the call "
        "made it, and nothing of it ran."
    )
    step = f"Put `await` before the call of `{name}` in line {line} of {file}."
    return card.model_copy(update={"why": (*card.why, why), "next_step": step})


def _concerns(found: re.Match[str], case: Case) -> bool:
    line = int(found["line"])
    homes = [
        one.task
        for one in case.failure.regions
        if one.file == found["file"] and one.first <= line <= one.last
    ]
    return not homes or case.failure.check.task in homes
