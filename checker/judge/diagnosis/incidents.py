"""Explain what kept an answer away: a dead process, silence, a missing function or file."""

from difflib import get_close_matches

from checker.host.facts import Raised
from checker.judge.diagnosis.aim import blamed_frame
from checker.judge.diagnosis.blocking import blocking_sentences, holding_frame, remedy
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.ending import end_words
from checker.judge.diagnosis.exceptions import meaning_of
from checker.judge.diagnosis.launch import explain_launch
from checker.judge.diagnosis.parts import asked, handler, place, request_card
from checker.judge.diagnosis.server_error import calls, raised_words, tail
from checker.judge.diagnosis.sockets import explain_socket_incident
from checker.judge.diagnosis.values import join_words, unmarked
from checker.judge.evidence import (
    CallMissing,
    CallRaised,
    ConnectionLost,
    DidNotFail,
    Exchange,
    FileMissing,
    LaunchFailed,
    RequestTimeout,
)
from checker.report import Card, Kind

WHAT = {"CALL": "The call of `{path}`", "RUN": "The command `{path}`"}


def explain_incident(case: Case) -> Card | None:
    """Write the card of an exception of the judge's own, if that ended the check."""
    if (card := explain_socket_incident(case)) is not None:
        return card
    match case.error:
        case LaunchFailed():
            return explain_launch(case.error)
        case RequestTimeout():
            return _silence(case, case.error)
        case ConnectionLost():
            return _lost(case, case.error)
        case CallRaised():
            return _call_raised(case, case.error)
        case CallMissing():
            return _call_missing(case.error)
        case FileMissing():
            return _file_missing(case.error)
        case DidNotFail():
            return _did_not_fail(case)
    return None


def _named(exchange: Exchange) -> str:
    template = WHAT.get(exchange.method)
    return template.format(path=exchange.path) if template else asked(exchange)


def _silence(case: Case, error: RequestTimeout) -> Card:
    exchange = error.exchange
    facts = case.facts(exchange)
    stalls = case.failure.probe.stalls()
    stall = stalls[-1] if stalls and stalls[-1]["milliseconds"] >= error.seconds * 500 else None
    waiting = facts.get("waiting", []) if facts else []
    frame = holding_frame(stall) if stall else blamed_frame(case, waiting) if waiting else None
    if stall is not None:
        why, step = blocking_sentences(stall, 1), remedy(stall)
    elif facts is not None and not facts["finished"]:
        why = (f"The request reached {handler(facts)}, which has not returned.",)
        step = (
            f"Look in {handler(facts)} for a loop without an end, or for something that is "
            "awaited and never comes."
        )
    elif exchange.status is not None:
        why = (f"The answer began with status {exchange.status} and did not end.",)
        step = "Let the stream end."
    else:
        why = ()
        step = "Look for a loop without an end, or for something that is awaited and never comes."
    what = "did not end" if exchange.method in WHAT else "got no complete answer"
    return request_card(
        case,
        Kind.REQUEST_TIMEOUT,
        exchange,
        f"{_named(exchange)} {what} within {error.seconds:g} s.",
        expected=f"an end within {error.seconds:g} s"
        if exchange.method in WHAT
        else f"an answer within {error.seconds:g} s",
        got="nothing" if exchange.status is None else "the beginning of an answer",
        where=place(frame),
        why=why,
        next_step=step,
    )


def _lost(case: Case, error: ConnectionLost) -> Card:
    exchange, ended = error.exchange, error.ended
    facts = case.facts(exchange)
    if ended is None and facts is not None and facts["raised"] is not None:
        return _broken_off(case, exchange, facts["raised"])
    if ended is None:
        return request_card(
            case,
            Kind.CONNECTION,
            exchange,
            f"The connection broke during {asked(exchange)}.",
            expected="a complete answer",
            got=exchange.trouble or "a closed connection",
            next_step="Look at what the app does while it writes this answer.",
            detail=tail(case.failure.probe.log()),
        )
    words, why, step = end_words(ended)
    return request_card(
        case,
        Kind.PROCESS_ENDED,
        exchange,
        f"The app's process ended during {_named(exchange)}: {words}.",
        expected="a complete answer",
        got="a closed connection",
        why=why,
        next_step=step,
        detail=tail(ended.log),
    )


def _broken_off(case: Case, exchange: Exchange, raised: Raised) -> Card:
    explained = meaning_of(raised)
    return request_card(
        case,
        Kind.CONNECTION,
        exchange,
        f"The answer to {asked(exchange)} broke off: {raised_words(raised, 120)}",
        expected="a complete answer",
        got=exchange.trouble or "a closed connection",
        where=place(blamed_frame(case, raised["frames"])),
        why=(explained[0],) if explained else (),
        next_step=explained[1] if explained else "See why this fails while the answer is written.",
        detail=calls(raised),
    )


def _call_raised(case: Case, error: CallRaised) -> Card:
    raised = error.raised
    name = error.target.rpartition(":")[2]
    explained = meaning_of(raised)
    return Card(
        kind=Kind.CALL_RAISED,
        headline=f"`{name}` raised {raised_words(raised, 120)}",
        expected=case.failure.message or case.failure.check.title,
        got=raised_words(raised),
        where=place(raised["frames"][-1]) if raised["frames"] else None,
        why=(explained[0],) if explained else (),
        next_step=explained[1] if explained else f"Let `{name}` return in this case.",
        detail=calls(raised),
    )


def _call_missing(error: CallMissing) -> Card:
    module, _, name = error.target.rpartition(":")
    file = module.replace(".", "/") + ".py"
    close = get_close_matches(name, error.names, 1)
    names = [f"`{one}`" for one in error.names[:12]]
    step = f"Rename `{close[0]}` to `{name}`." if close else f"Write a function `{name}` in {file}."
    return Card(
        kind=Kind.CALL_MISSING,
        headline=f"There is no function `{name}` in {file}.",
        expected=f"a function {name}",
        got=unmarked(f"{file} has {join_words(names)}") if names else f"{file} has no functions",
        next_step=step,
    )


def _file_missing(error: FileMissing) -> Card:
    close = get_close_matches(error.name, error.names, 1)
    step = (
        f"Rename {close[0]} to {error.name}."
        if close
        else f"Create the file {error.name} in the lab's folder."
    )
    return Card(
        kind=Kind.FILE_MISSING,
        headline=f"The lab has no file {error.name}.",
        expected=error.name,
        got=f"the files {join_words(error.names[:12])}" if error.names else "no files",
        next_step=step,
    )


def _did_not_fail(case: Case) -> Card:
    return Card(
        kind=Kind.NOT_STARTED_WRONG,
        headline="The app started, but with these settings it has to refuse to start.",
        expected=case.failure.check.title,
        got="the app started and accepted requests",
        why=(
            (
                "A wrong or missing setting should stop the app at once, not at the first "
                "request that needs it."
            ),
        ),
        next_step="Refuse them where they are read, and read them when the app starts.",
    )
