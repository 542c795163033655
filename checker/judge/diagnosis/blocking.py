"""Explain answers that take too long because something holds the event loop."""

from datetime import timedelta

from checker.host.facts import Frame, Stall
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.parts import asked, place, request_card
from checker.judge.diagnosis.values import show_short
from checker.report import Card, Kind

LONG_STALL = 100.0
WORDS = {"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
TIME_WORDS = (
    "second",
    "wait",
    "block",
    "at once",
    "at the same time",
    "concurren",
    "parallel",
    "time",
)


def explain_blocking(case: Case) -> Card | None:
    """Recognise a check about time whose lab stood still, and name the call that held the loop."""
    exchange = case.exchange or (case.http[-1] if case.http else None)
    if exchange is None or not is_about_time(case):
        return None
    stalls = _stalls(case)
    milliseconds = sum(one["milliseconds"] for one in stalls)
    if milliseconds < LONG_STALL:
        return None
    worst = max(stalls, key=lambda one: one["milliseconds"])
    expected, got = _measured(case)
    message = (case.failure.message,) if case.failure.message else ()
    return request_card(
        case,
        Kind.BLOCKING,
        exchange,
        f"{_holder(worst)} held the event loop for {milliseconds:.0f} ms.",
        expected=expected,
        got=got,
        where=place(holding_frame(worst)),
        why=(*message, *blocking_sentences(worst, len(case.http))),
        next_step=remedy(worst),
    )


def _stalls(case: Case) -> list[Stall]:
    """List the stalls of this check; those of earlier checks explain nothing here."""
    requests = {str(one.number) for one in case.failure.exchanges}
    return [one for one in case.failure.probe.stalls() if one["request"] in requests]


def holding_frame(stall: Stall) -> Frame | None:
    """Find the line to change: where a coroutine stood, not inside the helper that it called."""
    coroutines = [one for one in stall["frames"] if one.get("is_async")]
    frames = coroutines or stall["frames"]
    return frames[-1] if frames else None


def is_about_time(case: Case) -> bool:
    """Tell whether the check compared times, or says that it is about time."""
    if case.about:
        return case.about == "duration"
    compared = case.comparison
    if compared is not None and isinstance(compared.left, timedelta | float):
        return compared.operator in {"<", "<=", ">", ">="}
    words = f"{case.failure.message or ''} {case.failure.check.title}".lower()
    return len(case.http) > 1 and any(word in words for word in TIME_WORDS)


def blocking_sentences(stall: Stall, requests: int) -> tuple[str, ...]:
    """Say what a blocking call does to the other requests."""
    inside = f"`{stall['inside']}` blocks" if stall["inside"] else "This line blocks"
    sentences = [f"{inside}: the event loop runs nothing else until it returns."]
    if requests > 1:
        sentences.append("So the requests that came together were answered one after the other.")
    return tuple(sentences)


def remedy(stall: Stall) -> str:
    """Name the cure for a blocking call."""
    if not stall["inside"]:
        return "Let this line come to an end sooner, or move the work into a plain `def`."
    holder = holding_frame(stall)
    if holder is not None and holder != stall["frames"][-1]:
        return (
            f"Take a client that can be awaited; if there is none, make `{holder['function']}` a "
            "plain `def`, or hand the call to `run_in_threadpool`."
        )
    if stall["inside"].endswith("sleep"):
        return "Use `await asyncio.sleep(...)` here, or make the function a plain `def`."
    return (
        "Await an asynchronous version of this call, or make the function a plain `def`, which "
        "runs in a thread."
    )


def _holder(stall: Stall) -> str:
    frame = stall["frames"][-1] if stall["frames"] else None
    what = f"`{stall['inside']}`" if stall["inside"] else "One line"
    return f"{what} in `{frame['function']}`" if frame else what


def _measured(case: Case) -> tuple[str | None, str | None]:
    compared = case.comparison
    if compared is None:
        return None, None
    words = WORDS.get(compared.operator, "")
    if case.about != "duration" and isinstance(compared.left, int):
        return words + show_short(compared.right), show_short(compared.left)
    return words + duration(compared.right), duration(compared.left)


def duration(value: object) -> str:
    """Write a time in seconds."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, int | float):
        return f"{value:.2f} s"
    return show_short(value)


def slow_words(case: Case) -> str:
    """Name the request or requests whose time was measured."""
    requests = {asked(one) for one in case.http}
    return requests.pop() if len(requests) == 1 else "the requests"
