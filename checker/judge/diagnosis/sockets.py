"""Explain what was said on a WebSocket, and how it ended."""

from checker.host.facts import RequestFacts
from checker.judge.diagnosis.aim import blamed_frame
from checker.judge.diagnosis.blocking import blocking_sentences, holding_frame, remedy
from checker.judge.diagnosis.case import NO_JSON, NOWHERE, Case, look_up, read_json
from checker.judge.diagnosis.closing import CUT, LOST, RETURNED, name_code, socket_meaning
from checker.judge.diagnosis.difference import Difference, EachEntry, find_difference, path_text
from checker.judge.diagnosis.handshake import explain_refused
from checker.judge.diagnosis.parts import asked, handler, place, request_card
from checker.judge.diagnosis.server_error import calls, raised_words
from checker.judge.diagnosis.subject import subscripts
from checker.judge.diagnosis.values import shorten, show_pair, show_short, type_words, unmarked
from checker.judge.diagnosis.wording import difference_words, keys_words
from checker.judge.evidence import (
    Exchange,
    HandshakeRefused,
    NotJsonMessage,
    PieceKind,
    RequestTimeout,
    SocketClosed,
)
from checker.report import Card, Kind

CLOSINGS = frozenset({"close_code", "close_reason"})
OPEN = 101
SILENCES = {
    "answer": (
        "The handshake for {socket} got no answer",
        "101 Switching Protocols, or a refusal",
        "Let {name} begin with `accept`.",
    ),
    "message": (
        "No message came from {socket}",
        "a message",
        "See what {name} waits for, and who was to bring it.",
    ),
    "close": (
        "The app did not close {socket}",
        "a close frame",
        "Close the socket when the conversation is over.",
    ),
    "return": (
        "The handler of {socket} did not come to its end",
        "the end of {name}",
        "See what {name} waits for when the client has left.",
    ),
    "room": (
        "The app did not read from {socket}",
        "a handler that receives",
        "Let {name} receive messages while it sends.",
    ),
}


def explain_socket(case: Case) -> Card | None:
    """Explain an assertion about a message, or about the close of a WebSocket."""
    if case.socket is None:
        return None
    if case.about in CLOSINGS:
        return _closing(case, case.socket)
    if case.about != "message":
        return None
    if isinstance(case.error, LookupError | TypeError | AttributeError):
        return _stumble(case, case.socket)
    return _message(case, case.socket)


def explain_socket_incident(case: Case) -> Card | None:
    """Write the card of an exception that the judge's own side of a WebSocket raised."""
    match case.error:
        case HandshakeRefused(exchange=exchange):
            return explain_refused(case, exchange)
        case SocketClosed(exchange=exchange):
            return _closed(case, exchange)
        case NotJsonMessage():
            return _not_json(case, case.error)
        case RequestTimeout(exchange=exchange) if exchange.method == "WEBSOCKET":
            return _silence(case, case.error)
    return None


def _closed(case: Case, exchange: Exchange) -> Card:
    facts = case.facts(exchange)
    if facts is not None and facts["raised"] is not None and exchange.close_code == LOST:
        return _raised(case, exchange, facts)
    name = handler(facts)
    why, step = _why_closed(exchange, name, facts)
    return request_card(
        case,
        Kind.SOCKET_CLOSED,
        exchange,
        f"The app closed {asked(exchange)}, and more was to come.",
        expected=unmarked(case.failure.message or case.failure.check.title),
        got=_closed_words(exchange),
        why=why,
        next_step=step,
    )


def _closed_words(exchange: Exchange) -> str:
    if exchange.close_code is None:
        return "an open socket"
    reason = (
        f", with the reason {show_short(exchange.close_reason)}" if exchange.close_reason else ""
    )
    return f"closed with {name_code(exchange.close_code)}{reason}"


def _why_closed(
    exchange: Exchange, name: str, facts: RequestFacts | None
) -> tuple[tuple[str, ...], str]:
    if exchange.close_code == LOST:
        return (RETURNED[0],), "See why the handler came to its end here, before it was time."
    if facts is not None and facts.get("closing") is None:
        return (
            f"Not {name}, but the server sent this close frame.",
        ), "Look at what was sent last: the server refuses malformed and very long messages."
    return (), "Find the condition under which the app closes, and see why it holds here."


def _raised(case: Case, exchange: Exchange, facts: RequestFacts) -> Card:
    raised = facts["raised"]
    assert raised is not None
    explained = socket_meaning(raised)
    frame = blamed_frame(case, raised["frames"])
    name = f"`{frame['function']}`" if frame else handler(facts)
    return request_card(
        case,
        Kind.SOCKET_CLOSED,
        exchange,
        f"{name[:1].upper() + name[1:]} raised {raised_words(raised, 120)}",
        expected=unmarked(case.failure.message or case.failure.check.title),
        got=unmarked(f"closed with {name_code(LOST)}: {raised_words(raised)}"),
        where=place(frame),
        why=(*((explained[0],) if explained else ()), CUT),
        next_step=explained[1] if explained else "Handle the case that this line meets here.",
        detail=calls(raised),
    )


def _closing(case: Case, exchange: Exchange) -> Card | None:
    compared = case.comparison
    facts = case.facts(exchange)
    if compared is None or compared.operator != "==":
        return None
    if exchange.close_code == LOST and facts is not None and facts["raised"] is not None:
        return _raised(case, exchange, facts)
    name = handler(facts)
    why: tuple[str, ...] = ()
    step = f"Compare the `close` in {name} with the task's statement."
    if case.about == "close_reason":
        expected, got = show_pair(compared.right, compared.left)
        headline = f"The app closed {asked(exchange)} with another reason."
        expected, got = f"the reason {expected}", f"the reason {got}"
    else:
        expected, got = name_code(compared.right), name_code(compared.left)
        headline = (
            f"The app closed {asked(exchange)} with {compared.left} instead of {compared.right}."
        )
        if compared.left == LOST:
            why, step = (RETURNED[0],), RETURNED[1]
        elif exchange.close_reason:
            why = (f"It gave the reason {show_short(exchange.close_reason)}.",)
    return request_card(
        case,
        Kind.SOCKET_CLOSED,
        exchange,
        case.failure.message or headline,
        expected=expected,
        got=got,
        why=why,
        next_step=step,
    )


def _message(case: Case, exchange: Exchange) -> Card | None:
    compared = case.comparison
    if compared is None or compared.operator != "==" or (case.subject and case.subject.counted):
        return None
    found = find_difference(compared.left, compared.right)
    if found is None:
        return None
    path = case.subject.path if case.subject else ()
    found = Difference((*path, *found.path), found.how, found.expected, found.got, found.at)
    subject = f"The message from {shorten(exchange.path, 80)}"
    headline, expected, got = difference_words(found, subject, "message")
    name = handler(case.facts(exchange))
    why: tuple[str, ...] = ()
    step = f"Compare what {name} sends with the task's statement."
    if isinstance(found.got, str) and isinstance(found.expected, dict | list) and not found.path:
        why = ("It is JSON within JSON: a text that was encoded twice.",)
        step = "Give `send_json` the value itself, or send the encoded text with `send_text`."
    return request_card(
        case,
        Kind.MESSAGE,
        exchange,
        case.failure.message or headline,
        expected=expected,
        got=got,
        why=why,
        next_step=step,
    )


def _stumble(case: Case, exchange: Exchange) -> Card | None:
    """Name the key that the check needed and the last message does not have."""
    message = _last_message(exchange)
    paths = (
        [one.path for one in subscripts(case.scope) if one.about == "message"] if case.scope else []
    )
    for path in paths:
        for end in range(1, len(path) + 1):
            if EachEntry not in path and look_up(message, path[:end]) is NOWHERE:
                return _missing(case, exchange, message, path[:end])
    return None


def _missing(case: Case, exchange: Exchange, message: object, path: tuple[object, ...]) -> Card:
    outer, there = look_up(message, path[:-1]), path_text(path[:-1], "message")
    has = keys_words(outer) if isinstance(outer, dict) else type_words(outer)
    subject = f"The message from {shorten(exchange.path, 80)}"
    return request_card(
        case,
        Kind.MESSAGE,
        exchange,
        f"{subject} has no key `{path[-1]}`."
        if isinstance(outer, dict)
        else f"{subject} has not the shape that the task asks for.",
        expected=path_text(path, "message"),
        got=unmarked(f"{there} has {has}" if isinstance(outer, dict) else f"{there} is {has}"),
        next_step=f"Compare what {handler(case.facts(exchange))} sends with the task's statement.",
    )


def _last_message(exchange: Exchange) -> object:
    kinds = {PieceKind.TEXT, PieceKind.BINARY}
    texts = [one.text for one in exchange.frames if not one.sent and one.kind in kinds]
    value = read_json(texts[-1].encode()) if texts else NO_JSON
    return value if value is not NO_JSON else texts[-1] if texts else None


def _not_json(case: Case, error: NotJsonMessage) -> Card:
    binary = isinstance(error.message, bytes)
    name = handler(case.facts(error.exchange))
    return request_card(
        case,
        Kind.MESSAGE,
        error.exchange,
        f"The message from {shorten(error.exchange.path, 80)} is not JSON.",
        expected="a message that is JSON",
        got=("a binary message: " if binary else "") + show_short(error.message),
        next_step=f"Send it from {name} with `send_json`.",
    )


def _silence(case: Case, error: RequestTimeout) -> Card:
    exchange = error.exchange
    facts = case.facts(exchange)
    name = handler(facts)
    stalls = case.failure.probe.stalls()
    stall = stalls[-1] if stalls and stalls[-1]["milliseconds"] >= error.seconds * 500 else None
    waiting = list(error.waiting) or (facts.get("waiting", []) if facts else [])
    frame = blamed_frame(case, waiting) if waiting else None
    wanted = error.wanted if exchange.status == OPEN else "answer"
    headline, expected, step = (
        one.format(socket=asked(exchange), name=name) for one in SILENCES[wanted]
    )
    why: tuple[str, ...] = ()
    if stall is not None:
        frame, why, step = holding_frame(stall), blocking_sentences(stall, 1), remedy(stall)
    elif frame is not None:
        why = (f"`{frame['function']}` still waits at this line.",)
    return request_card(
        case,
        Kind.REQUEST_TIMEOUT,
        exchange,
        f"{headline} within {error.seconds:g} s.",
        expected=expected,
        got="nothing" if exchange.close_code is None else _closed_words(exchange),
        where=place(frame),
        why=why,
        next_step=step,
    )
