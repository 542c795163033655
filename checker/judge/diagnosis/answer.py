"""Explain an answer whose status is right: headers, body, what a check stumbled over in it."""

import re
from dataclasses import replace

from checker.harmless import clean
from checker.judge.diagnosis.aim import is_given
from checker.judge.diagnosis.case import NO_JSON, NOWHERE, Case, look_up, read_json
from checker.judge.diagnosis.difference import (
    Difference,
    EachEntry,
    How,
    Path,
    find_difference,
    path_text,
)
from checker.judge.diagnosis.parts import asked, handler, request_card
from checker.judge.diagnosis.places import locate
from checker.judge.diagnosis.scope import last_file
from checker.judge.diagnosis.subject import subscripts
from checker.judge.diagnosis.values import (
    decode,
    shorten,
    show,
    show_short,
    sounds_secret,
    type_words,
    unmarked,
)
from checker.judge.diagnosis.wording import count, difference_words, keys_words
from checker.judge.evidence import Exchange
from checker.report import Card, Kind


def explain_header(case: Case) -> Card | None:
    """Name a header that is missing or has another value."""
    exchange = case.exchange
    key = _header_name(case).lower()
    if exchange is None or not key:
        return None
    value = exchange.response_headers.get(key)
    compared = case.comparison
    name = "-".join(part.capitalize() for part in key.split("-"))
    expected = f"a header {key}"
    if compared is not None and compared.operator == "==":
        expected = f"{key}: {_bare(compared.right)}"
    why = (
        "A function sets a header on a parameter of type `Response`: "
        f'`response.headers["{name}"] = value`.'
    )
    missing = f"The answer to {asked(exchange)} has no header `{name}`."
    return request_card(
        case,
        Kind.HEADER,
        exchange,
        missing
        if value is None
        else f"The header `{name}` of the answer to {asked(exchange)} is not right.",
        expected=expected,
        got=f"no header {key}" if value is None else f"{key}: {value}",
        why=(why,) if value is None else (),
        next_step=(
            f"{'Set' if value is None else 'Correct'} the header `{name}` in "
            f"{handler(case.facts(exchange))}."
        ),
    )


def _header_name(case: Case) -> str:
    if case.about == "header" and case.comparison is not None:
        path = case.subject.path if case.subject else ()
        return str(path[0]) if path else ""
    if isinstance(case.error, KeyError) and "httpx" in last_file(case.error):
        return str(case.error.args[0]) if case.error.args else ""
    return ""


def _bare(value: object) -> str:
    return clean(value, keep="") if isinstance(value, str) else show_short(value)


def explain_not_json(case: Case) -> Card | None:
    """Tell that a body which should be JSON is not."""
    exchange = case.exchange
    if exchange is None or not isinstance(case.error, ValueError) or case.body is not NO_JSON:
        return None
    kind = exchange.response_headers.get("content-type", "")
    text = decode(exchange.response_body)
    got = "an empty body" if not text else f"{kind or 'no content type'}: {shorten(text)}"
    return request_card(
        case,
        Kind.NOT_JSON,
        exchange,
        f"The answer to {asked(exchange)} is {'empty' if not text else 'not JSON'}.",
        expected="a JSON body",
        got=got,
        why=() if text else (f"Status {exchange.status} came with a body of 0 bytes.",),
        next_step=(
            f"Let {handler(case.facts(exchange))} return a model, a `dict` or a list; FastAPI "
            "writes it as JSON."
        ),
    )


def explain_stumble(case: Case) -> Card | None:
    """Name the key or entry that the check needed and the body does not have."""
    exchange = case.exchange
    if exchange is None or not isinstance(case.error, LookupError | TypeError | AttributeError):
        return None
    if case.body is NO_JSON:
        return None
    for path in _needed_paths(case):
        for end in range(1, len(path) + 1):
            if look_up(case.body, path[:end]) is NOWHERE:
                return _missing_part(case, exchange, path[: end - 1], path[end - 1])
    return request_card(
        case,
        Kind.BODY,
        exchange,
        f"The body of the answer to {asked(exchange)} has not the shape that the task asks for.",
        expected=case.failure.check.title,
        got=show_short(case.body),
        next_step=f"Compare what {handler(case.facts(exchange))} returns with the task.",
    )


def _needed_paths(case: Case) -> list[Path]:
    paths = (
        [one.path for one in subscripts(case.scope) if one.about == "body"] if case.scope else []
    )
    if not paths and isinstance(case.error, KeyError) and case.error.args:
        paths = [(case.error.args[0],)]
    return paths


def _missing_part(case: Case, exchange: Exchange, path: Path, part: object) -> Card:
    value = look_up(case.body, path)
    there = path_text(path)
    name = handler(case.facts(exchange))
    why: tuple[str, ...] = ()
    step = f"Put `{part}` into what {name} returns."
    if isinstance(value, dict):
        headline = f"{_subject(path)} has no key `{part}`."
        got = unmarked(f"{there} has {keys_words(value)}")
    elif isinstance(value, list) and isinstance(part, int):
        headline = f"{_subject(path)} has {count(len(value), 'entry')}, too few for this check."
        got = f"{there} is {show_short(value)}"
        step = f"Find out why {name} returns so few entries."
    else:
        headline = f"{_subject(path)} is {type_words(value)}, not {_container(part)}."
        got = f"{there} is {show_short(value)}"
        step = f"Return {_container(part)} from {name}."
        if value is None and not path:
            why = ("The function returned None: is a `return` missing?",)
        if path == ("detail",) and isinstance(value, str):
            why = ("A text is the detail of an `HTTPException`; validation lists its errors.",)
    return request_card(
        case,
        Kind.BODY,
        exchange,
        headline,
        expected=path_text((*path, part)),
        got=got,
        why=why,
        next_step=step,
    )


def _container(part: object) -> str:
    return "a list" if isinstance(part, int) else f"an object with the key `{part}`"


def _subject(path: Path) -> str:
    return f"`{path_text(path)}`" if path else "The body"


def explain_body(case: Case) -> Card | None:
    """Show the first difference between the body that came and the one asked for."""
    compared, exchange = case.comparison, case.exchange
    if compared is None or exchange is None or compared.operator != "==":
        return None
    if case.about == "value" or (case.subject and case.subject.counted):
        return None
    found = _place_in_body(case, find_difference(compared.left, compared.right))
    if found is None:
        return None
    name = handler(case.facts(exchange))
    headline, expected, got = difference_words(found, f"The answer to {asked(exchange)}", "body")
    why, step = _difference_reason(case, exchange, found, name)
    return request_card(
        case,
        Kind.BODY,
        exchange,
        case.failure.message or headline,
        expected=expected,
        got=got,
        why=why,
        next_step=step,
    )


def _place_in_body(case: Case, found: Difference | None) -> Difference | None:
    """Give the difference its path in the body; None if the value does not come from there."""
    if found is None or case.comparison is None:
        return None
    path = case.body_path
    if path is None or EachEntry in path:
        place = locate(case.body, case.comparison.left, found.path)
        if place is None and path is None:
            return None
        return replace(found, path=place if place is not None else (*(path or ()), *found.path))
    return replace(found, path=(*path, *found.path))


def _surplus_reason(
    case: Case, exchange: Exchange, key: object, name: str
) -> tuple[tuple[str, ...], str]:
    """Say how a key too many came out of the app; a given route returned what it found."""
    facts = case.facts(exchange)
    if facts is not None and is_given(case, facts["location"]):
        return (), f"Compare what {name} returns with the expected value."
    if _builds_its_response(case, exchange):
        why = "A response that the function builds itself passes by the response model."
        step = f"Let {name} return the value itself, and promise its model."
    else:
        why = (
            "Every key of the returned value leaves the app unless a response model "
            "names those that may."
        )
        step = f"Give {name} a return type that does not have `{key}`."
    if isinstance(key, str) and sounds_secret(key):
        return (why, f"`{key}` must never leave the app."), step
    return (why,), step


def _difference_reason(
    case: Case, exchange: Exchange, found: Difference, name: str
) -> tuple[tuple[str, ...], str]:
    last = found.path[-1] if found.path else "body"
    step = f"Compare what {name} returns with the expected value."
    if isinstance(found.got, str) and "<coroutine object" in found.got:
        why = ["A coroutine function was called without `await`, and the coroutine became text."]
        return tuple(why), f"Put `await` before the call in {name}."
    match found.how:
        case How.EXTRA:
            return _surplus_reason(case, exchange, last, name)
        case How.MISSING:
            close = _similar_key(found.got, last)
            why = [f"There is `{close}`; the name has to be exact."] if close else []
            return tuple(why), f"Put `{last}` into what {name} returns and into its response model."
        case How.ORDER:
            return (), f"Sort the entries in {name} as the task asks."
    sent = _sent_as(case, exchange, found)
    why = [sent] if sent else []
    if found.got is None and not found.path:
        why.append("The function returned None: is a `return` missing?")
    if (
        isinstance(found.got, str)
        and isinstance(found.expected, int)
        and found.got == str(found.expected)
    ):
        why.append("What comes from a path or a query is a `str` until the parameter has a type.")
    if found.at is not None and min(len(show(found.got)), len(show(found.expected))) > 12:
        why.append(f"The first difference is at character {found.at + 1}.")
    return tuple(why), step


def _builds_its_response(case: Case, exchange: Exchange) -> bool:
    """Tell whether the function says that it returns a `JSONResponse` or another response."""
    facts = case.facts(exchange)
    location = facts["location"] if facts else None
    return location is not None and re.search(r"->\s*\w*Response\b", location["source"]) is not None


def _similar_key(value: object, key: object) -> str | None:
    keys = [str(one) for one in value] if isinstance(value, dict) else []
    wanted = str(key).lower().replace("_", "")
    return next(
        (one for one in keys if one.lower().replace("_", "") in {wanted, wanted + "s"}), None
    )


def _sent_as(case: Case, exchange: Exchange, found: Difference) -> str | None:
    """Tell that the expected value is what a request sent."""
    if not isinstance(found.expected, str | int | float) or isinstance(found.expected, bool):
        return None
    for one in reversed(case.http):
        sent = read_json(one.request_body)
        keys = [k for k, v in sent.items() if v == found.expected] if isinstance(sent, dict) else []
        if keys and one.number <= exchange.number:
            who = "The request" if one is exchange else f"The earlier {asked(one)}"
            return f"{who} sent this value as `{keys[0]}`."
    return None
