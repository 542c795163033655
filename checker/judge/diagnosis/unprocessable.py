"""Explain a 422: the errors in words, and the misunderstandings that commonly cause one."""

import re
from collections.abc import Callable
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from checker.harmless import clean
from checker.host.facts import RouteFacts
from checker.judge.diagnosis.case import Case, StatusTrouble, read_json
from checker.judge.diagnosis.parts import asked, handler, place, place_words, request_card
from checker.judge.diagnosis.routes import path_only
from checker.judge.diagnosis.values import join_words, show_short, unmarked
from checker.judge.evidence import Exchange
from checker.report import Card, Kind, Location

Entry = dict[str, object]
Reason = tuple[str, tuple[str, ...], str, Location | None]
MOST_ERRORS = 4


def explain_422(case: Case, trouble: StatusTrouble) -> Card | None:
    """Say what FastAPI refused, and why it looked there."""
    exchange = trouble.exchange
    if exchange.status != 422:
        return None
    entries = read_entries(exchange)
    if not entries:
        return None
    words = [entry_words(entry) for entry in entries]
    headline, why, step, where = _reason(case, exchange, entries)
    return request_card(
        case,
        Kind.UNPROCESSABLE,
        exchange,
        headline or f"FastAPI refused {asked(exchange)}: {words[0]}.",
        expected=trouble.expected_words,
        got=unmarked("422 Unprocessable Content: " + "; ".join(words[:MOST_ERRORS]) + _more(words)),
        where=where,
        why=why,
        next_step=step,
    )


def _more(words: list[str]) -> str:
    return f"; and {len(words) - MOST_ERRORS} more" if len(words) > MOST_ERRORS else ""


def read_entries(exchange: Exchange) -> list[Entry]:
    """Give the entries of FastAPI's `detail` list; none if the body has another form."""
    body = read_json(exchange.response_body)
    detail = body.get("detail") if isinstance(body, dict) else None
    if not isinstance(detail, list):
        return []
    return [
        entry
        for entry in detail
        if isinstance(entry, dict) and isinstance(entry.get("loc"), list) and entry["loc"]
    ]


def _loc(entry: Entry) -> list[object]:
    return cast("list[object]", entry["loc"])


def entry_words(entry: Entry) -> str:
    """Say one validation error in words."""
    place_of = location_words(_loc(entry))
    match entry.get("type"):
        case "missing":
            return f"{place_of} is missing"
        case "extra_forbidden":
            return f"{place_of} is not allowed"
        case "json_invalid":
            return "the body is not valid JSON"
    message = clean(str(entry.get("msg", "not valid"))).removeprefix("Value error, ")
    is_field = "input" in entry and len(_loc(entry)) > 1
    sent = f" is {show_short(entry['input'], 60)}" if is_field else ""
    message = message[:1].lower() + message[1:]
    return message if _loc(entry) == ["body"] else f"{place_of}{sent}: {message}"


def location_words(loc: list[object]) -> str:
    """Name the place that an error's `loc` points at: ``the query parameter `limit` ``."""
    first, rest = clean(str(loc[0])), clean(".".join(str(part) for part in loc[1:]))
    if first == "body":
        return f"the body field `{rest}`" if rest else "the body"
    kind = {"query": "query parameter", "path": "path parameter"}.get(first, first)
    return f"the {kind} `{rest}`" if rest else f"the {kind}"


def _reason(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason:
    for rule in RULES:
        found = rule(case, exchange, entries)
        if found is not None:
            return found
    return _plain(case, exchange, entries)


def _swallowed(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise a fixed path that a parameterised route took."""
    entry = entries[0]
    if _loc(entry)[0] != "path" or not isinstance(entry.get("input"), str):
        return None
    facts = case.facts(exchange)
    taken = facts["route"] if facts else None
    path = path_only(exchange.path)
    segment = str(entry["input"])
    fixed = _fixed_route(case.routes, path, exchange.method)
    if taken is None or taken == path or not (fixed or segment.replace("-", "_").isidentifier()):
        return None
    name = handler(facts)
    why = (
        f"Routes are tried in the order of their declaration, and `{taken}` fits {path} too.",
        f"So {name}{place_words(facts['location'] if facts else None)} was called with "
        f"{show_short(segment)} "
        f"as `{_loc(entry)[-1]}`.",
    )
    if fixed is None:
        step = f'Declare a route with the fixed path "{path}" above {name}.'
        return f"{path} was taken by the route {taken}.", why, step, None
    step = f"Move `{fixed['name']}`{place_words(fixed['location'])} above {name}."
    return (
        f"{path} was taken by the route {taken}, which stands before it.",
        why,
        step,
        place(fixed["location"]),
    )


def _fixed_route(routes: list[RouteFacts], path: str, method: str) -> RouteFacts | None:
    return next((one for one in routes if one["path"] == path and method in one["methods"]), None)


def _misnamed_path_parameter(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise an argument that is sought in the query because the path names it otherwise."""
    facts = case.facts(exchange)
    if facts is None or facts["location"] is None or not _is_missing(entries[0], "query"):
        return None
    source, route = facts["location"]["source"], facts["route"] or ""
    unused = [
        name for name in re.findall(r"{(\w+)", route) if not re.search(rf"\b{name}\b", source)
    ]
    if not unused or not source.rstrip().endswith(":"):  # a signature over several lines
        return None
    argument, placeholder = _loc(entries[0])[-1], unused[0]
    name = handler(facts)
    return (
        f"{name[:1].upper() + name[1:]} has no argument `{placeholder}`, which the path names; "
        f"it asks for `{argument}`.",
        (
            "An argument that the path does not name is a query parameter.",
            f"The route's path is `{route}`.",
        ),
        f"Use the same name in the path and in the function: `{argument}` or `{placeholder}`.",
        None,
    )


def _read_from_query(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise a parameter that is sought in the query while the request has it in its body."""
    missing = [str(_loc(one)[-1]) for one in entries if _is_missing(one, "query")]
    sent = read_json(exchange.request_body)
    if not missing or not isinstance(sent, dict):
        return None
    named = join_words([f"`{name}`" for name in missing])
    name = handler(case.facts(exchange))
    if all(one in sent for one in missing):
        cause = "A parameter of a simple type such as `str` or `int` is a query parameter."
        step = (
            f"Declare a Pydantic model with the fields of the body, and let {name} take one "
            "parameter of it."
        )
    else:
        cause = (
            "A parameter without a type, or of a simple type, is a query parameter; a Pydantic "
            "model is the body."
        )
        step = f"Annotate {named} in {name} with the Pydantic model of the body."
    headline = f"FastAPI looked for {named} in the query string, but the request sends a JSON body."
    return headline, (cause,), step, None


def _read_from_body(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise a parameter that FastAPI seeks in the body of a request that has none."""
    loc = _loc(entries[0])
    if loc[0] != "body" or entries[0].get("type") != "missing" or exchange.request_body:
        return None
    name = handler(case.facts(exchange))
    query = dict(parse_qsl(urlsplit(exchange.path).query))
    why: tuple[str, ...] = (
        "A parameter whose type is a Pydantic model, a `list` or a `dict` is read from the body.",
    )
    headline = f"FastAPI expects a body, but {asked(exchange)} has none."
    if query:
        step = f"Declare the parameter of {name} as `Annotated[..., Query()]`."
        why += (
            f"The request sends {join_words([f'`{key}`' for key in query])} in the query string.",
        )
    else:
        step = f"Remove the parameter of {name} that is read from the body, or give it a default."
    return headline, why, step, None


def _embedded(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise two body parameters: each is then sought under its own name."""
    names = [
        str(_loc(one)[1]) for one in entries if _is_missing(one, "body") and len(_loc(one)) == 2
    ]
    sent = read_json(exchange.request_body)
    alone = [one for one in entries if one.get("input", ...) is None]
    if not names or len(alone) != len(entries) or not isinstance(sent, dict):
        return None
    named = join_words([f"`{name}`" for name in names])
    return (
        (
            f"FastAPI expects a body with {_keys_named(names)} {named}, but the request sends the "
            "fields themselves."
        ),
        (
            (
                "With more than one body parameter, or with `Body(embed=True)`, each is sought "
                "under its own name."
            ),
            f"The request sends {join_words([f'`{key}`' for key in sent])}.",
        ),
        (
            f"Leave one body parameter in {handler(case.facts(exchange))}, the model of the "
            "whole body."
        ),
        None,
    )


def _keys_named(names: list[str]) -> str:
    return "the key" if len(names) == 1 else "the keys"


def _untyped_body(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise a JSON body that is not sent as JSON."""
    del case
    content_type = exchange.request_headers.get("content-type", "")
    if _loc(entries[0]) != ["body"] or "json" in content_type or not exchange.request_body:
        return None
    kind = f"`{content_type}`" if content_type else "no content type"
    return (
        f"The body comes with {kind}, and FastAPI reads JSON only from `application/json`.",
        ("Since 0.132 FastAPI does not guess: `strict_content_type` is on.",),
        "Declare the parameter for the content that is sent, such as `Form()` or `File()`.",
        None,
    )


def _misnamed_field(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason | None:
    """Recognise a model whose field has another name than the key that is sent."""
    del case
    sent = read_json(exchange.request_body)
    missing = [
        str(_loc(one)[1]) for one in entries if _is_missing(one, "body") and len(_loc(one)) == 2
    ]
    if not missing or not isinstance(sent, dict):
        return None
    named = join_words([f"`{name}`" for name in missing])
    return (
        f"The model asks for {named}, which the request does not send.",
        (
            f"The request sends {join_words([f'`{key}`' for key in sent])}."
            if sent
            else "The body is `{}`.",
            "A field without a default is required, also when its type allows `None`.",
        ),
        f"Give {named} a default if it may be left out, or the name of the key that is sent.",
        None,
    )


def _is_missing(entry: Entry, source: str) -> bool:
    return entry.get("type") == "missing" and _loc(entry)[0] == source and len(_loc(entry)) > 1


def _plain(case: Case, exchange: Exchange, entries: list[Entry]) -> Reason:
    """Explain the first error by itself."""
    entry = entries[0]
    loc = location_words(_loc(entry))
    name = handler(case.facts(exchange))
    if entry.get("type") == "missing":
        why = ("A parameter without a default is required, also when its type allows `None`.",)
        return "", why, f"Give {loc} of {name} a default if it may be left out.", None
    if entry.get("type") == "extra_forbidden":
        return (
            "",
            ('The model forbids keys that it does not know: `extra="forbid"`.',),
            (
                f"Add the field `{_loc(entry)[-1]}` to the model, or let it ignore what it "
                "does not know."
            ),
            None,
        )
    if entry.get("type") in {"value_error", "assertion_error"}:
        return (
            "",
            (f"A validator of the model refused {loc} itself; its words are in `msg`.",),
            "Find the validator that says this, and see why its condition holds here.",
            None,
        )
    return (
        "",
        (
            (
                "The request is valid by the task's terms, so the declaration is too strict or "
                "has the wrong type."
            ),
        ),
        (
            f"Change the type or the constraint of {loc} so that it accepts "
            f"{show_short(entry.get('input'), 60)}."
        ),
        None,
    )


RULES: tuple[Callable[[Case, Exchange, list[Entry]], Reason | None], ...] = (
    _swallowed,
    _misnamed_path_parameter,
    _read_from_query,
    _untyped_body,
    _read_from_body,
    _embedded,
    _misnamed_field,
)
