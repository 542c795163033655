"""Explain a WebSocket that was not opened, or was and should not have been."""

import json

from checker.host.facts import Closing, RequestFacts, RouteFacts
from checker.judge.diagnosis.aim import blamed_frame, is_unbegun
from checker.judge.diagnosis.case import Case, StatusTrouble, name_status, read_json
from checker.judge.diagnosis.closing import socket_meaning
from checker.judge.diagnosis.parts import asked, handler, place, place_words, request_card
from checker.judge.diagnosis.routes import describe, matches, nearest, path_only
from checker.judge.diagnosis.server_error import calls, raised_words
from checker.judge.diagnosis.values import join_words, show_short, unmarked
from checker.judge.evidence import Exchange
from checker.report import Card, Kind

OPEN = 101
OPENED = "101 Switching Protocols: an open socket"
UNSEEN = "the client sees only 403"


def explain_refused(case: Case, exchange: Exchange) -> Card:
    """Write the card of a handshake that the check needed and the app refused."""
    return explain_handshake(case, StatusTrouble(exchange, OPEN, OPENED))


def explain_handshake(case: Case, trouble: StatusTrouble) -> Card:
    """Write the card of a handshake whose answer has another status than the one asked for."""
    exchange = trouble.exchange
    facts = case.facts(exchange)
    if exchange.status == OPEN:
        return _opened(case, trouble, facts)
    if facts is not None and facts["raised"] is not None:
        return _raised(case, trouble, facts)
    if exchange.status == 403 and facts is not None and not facts["route"]:
        return _no_route(case, trouble)
    return _refused(case, trouble, facts)


def _opened(case: Case, trouble: StatusTrouble, facts: RequestFacts | None) -> Card:
    closing = facts.get("closing") if facts else None
    why = "`accept` is what opens the socket; who may not come in is refused before it."
    if closing is not None:
        why += f" Here the app closes with {closing['code']} after it."
    return request_card(
        case,
        Kind.HANDSHAKE,
        trouble.exchange,
        case.failure.message or f"The app opens {asked(trouble.exchange)} and should refuse it.",
        expected=trouble.expected_words,
        got=OPENED,
        why=(why,),
        next_step="Refuse it before `accept` is called, in the handler or in a dependency of it.",
    )


def _raised(case: Case, trouble: StatusTrouble, facts: RequestFacts) -> Card:
    raised = facts["raised"]
    assert raised is not None
    explained = socket_meaning(raised)
    frame = blamed_frame(case, raised["frames"])
    name = f"`{frame['function']}`" if frame else handler(facts)
    return request_card(
        case,
        Kind.HANDSHAKE,
        trouble.exchange,
        f"{name[:1].upper() + name[1:]} raised {raised_words(raised, 120)}",
        expected=trouble.expected_words,
        got=unmarked(f"{name_status(trouble.exchange.status)}: {raised_words(raised)}"),
        where=place(frame),
        why=(
            "It came before `accept`, so the socket was never opened.",
            *((explained[0],) if explained else ()),
        ),
        next_step=explained[1] if explained else "Handle the case that this line meets here.",
        detail=calls(raised),
    )


def _no_route(case: Case, trouble: StatusTrouble) -> Card:
    exchange = trouble.exchange
    path = path_only(exchange.path)
    routes = [one for one in case.routes if "WEBSOCKET" in one["methods"]]
    plain = next((one for one in case.routes if one not in routes and matches(one, path)), None)
    why = [f"A WebSocket without a route is refused like any other; {UNSEEN}."]
    where = None
    lead = "Write it in the region of this task" if is_unbegun(case) else "Decorate its function"
    step = f"{lead}, with `@app.websocket(...)` and the path as the task gives it."
    if plain is not None:
        where = place(plain["location"])
        why.append(f"{describe(plain)} has this path, but answers HTTP requests only.")
        step = f'Decorate `{plain["name"]}` with `@app.websocket("{plain["path"]}")` instead.'
    elif (near := nearest(routes, "WEBSOCKET", path)) is not None:
        where = place(near.route["location"])
        why.append(f"The nearest one is {describe(near.route)}.")
        why += [near.difference] if near.difference else []
        if near.remedy:
            step = f"{near.remedy}{place_words(near.route['location'])}."
    else:
        why.append(_list(routes))
    return request_card(
        case,
        Kind.HANDSHAKE,
        exchange,
        f"No WebSocket of the app has the path {path}.",
        expected=trouble.expected_words,
        got="403 Forbidden, from the router: no function was called",
        where=where,
        why=tuple(why),
        next_step=step,
    )


def _list(routes: list[RouteFacts]) -> str:
    if not routes:
        return "The app has no WebSockets yet."
    paths = [f"`{one['path']}`" for one in routes[:6]]
    return f"Its WebSockets are {join_words(paths)}."


def _refused(case: Case, trouble: StatusTrouble, facts: RequestFacts | None) -> Card:
    exchange = trouble.exchange
    name = handler(facts)
    closing = facts.get("closing") if facts else None
    why, step = _reason(exchange, name, closing, facts)
    wanted = f" instead of {trouble.expected}" if trouble.expected else ""
    return request_card(
        case,
        Kind.HANDSHAKE,
        exchange,
        f"The handshake for {asked(exchange)} is answered with {exchange.status}{wanted}.",
        expected=trouble.expected_words,
        got=name_status(exchange.status),
        why=why,
        next_step=f"Let {name} answer {trouble.expected} in this case."
        if trouble.expected and trouble.expected != OPEN
        else step,
    )


def _reason(
    exchange: Exchange, name: str, closing: Closing | None, facts: RequestFacts | None
) -> tuple[tuple[str, ...], str]:
    if closing is not None and (errors := _parameter_errors(closing["reason"])):
        return (
            f"FastAPI refused what the address brought, with 1008; {UNSEEN}.",
            *errors,
        ), f"Compare the parameters of {name} with the path and the query of this socket."
    if closing is not None:
        said = f" and the reason {show_short(closing['reason'])}" if closing["reason"] else ""
        return (
            f"The app closed the socket before `accept`, with {closing['code']}{said}; {UNSEEN}.",
        ), f"Find the condition under which {name} refuses, and see why it holds here."
    if exchange.status == 500 and facts is not None and facts["finished"]:
        return (
            (f"{name[:1].upper() + name[1:]} returned and had neither accepted nor refused.",),
            f"Begin {name} with `await websocket.accept()`.",
        )
    body = read_json(exchange.response_body)
    said = f", with {show_short(body)}" if isinstance(body, dict) else ""
    return (
        (f"{name[:1].upper() + name[1:]}, or a dependency of it, refused the handshake{said}.",),
        f"Find the condition under which {name} refuses, and see why it holds here.",
    )


def _parameter_errors(reason: str) -> list[str]:
    """Read the errors that FastAPI puts into the reason of its own 1008."""
    try:
        errors = json.loads(reason)
    except ValueError:
        return []
    if not isinstance(errors, list):
        return []
    return [
        f"`{'.'.join(map(str, one['loc']))}`: {one.get('msg', '')}."
        for one in errors[:3]
        if isinstance(one, dict) and one.get("loc")
    ]
