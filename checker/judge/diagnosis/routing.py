"""Explain answers that come from the routing: 404, 405, redirects that add or remove a slash."""

import re
from urllib.parse import urlsplit

from checker.host.facts import RequestFacts, RouteFacts
from checker.judge.diagnosis.aim import is_unbegun
from checker.judge.diagnosis.case import Case, StatusTrouble, name_status, read_json
from checker.judge.diagnosis.parts import asked, handler, place, place_words, request_card
from checker.judge.diagnosis.routes import (
    describe,
    left_out,
    matches,
    nearest,
    path_only,
    shown_methods,
)
from checker.judge.diagnosis.values import join_words, show_short
from checker.report import Card, Kind


def explain_404(case: Case, trouble: StatusTrouble) -> Card | None:
    """Tell a path that no route has from a handler that answers 404 itself."""
    exchange = trouble.exchange
    if exchange.status != 404:
        return None
    facts = case.facts(exchange)
    if facts["route"] if facts else read_json(exchange.response_body) != {"detail": "Not Found"}:
        return _own_404(case, trouble)
    return _no_route(case, trouble)


def _own_404(case: Case, trouble: StatusTrouble) -> Card:
    exchange = trouble.exchange
    facts = case.facts(exchange)
    name = handler(facts)
    detail = read_json(exchange.response_body)
    said = detail.get("detail") if isinstance(detail, dict) else None
    why = [f"The path is right: the request reached {name}, and 404 is its own answer."]
    if said is not None:
        why.append(f"It gave the reason {show_short(said)}.")
    if _has_untyped_parameter(facts):
        why.append(
            'A path parameter without a type arrives as a `str`: `3` and `"3"` are different keys.'
        )
    return request_card(
        case,
        Kind.NOT_FOUND,
        exchange,
        f"{name[:1].upper() + name[1:]} answers 404 to {asked(exchange)}, but it should be found."
        if trouble.expected is None or trouble.expected < 300
        else f"{asked(exchange)} is answered with 404 instead of {trouble.expected}.",
        expected=trouble.expected_words,
        got=name_status(404),
        why=tuple(why),
        next_step=f"Compare what {name} searches for with what is stored, types included."
        if trouble.expected != 422
        else f"Give the path parameter of {name} the type that the task asks for; FastAPI refuses "
        "other values by itself.",
    )


def _has_untyped_parameter(facts: RequestFacts | None) -> bool:
    """Tell whether the function's own line shows a path parameter that has no type, or `str`."""
    if facts is None or facts["location"] is None:
        return False
    source = facts["location"]["source"]
    names = re.findall(r"{(\w+)}", facts["route"] or "")
    return any(re.search(rf"\b{name}\b\s*(?:[,)]|:\s*str\b)", source) for name in names)


def _no_route(case: Case, trouble: StatusTrouble) -> Card:
    exchange, routes = trouble.exchange, case.routes
    path = path_only(exchange.path)
    loose = left_out(case.failure.probe.written(), routes, exchange.method, path)
    if loose is not None:
        return _not_included(case, trouble, loose)
    near = nearest(routes, exchange.method, exchange.path)
    why: list[str] = []
    where = None
    step = _route_step(exchange.method, path, is_unbegun(case))
    if near is not None:
        why.append(f"The nearest route is {describe(near.route)}.")
        where = place(near.route["location"])
        if near.difference:
            why.append(near.difference)
        if near.remedy:
            step = f"{near.remedy}{place_words(near.route['location'])}."
    elif not routes:
        why.append("The app has no routes yet.")
    else:
        listed = [f"`{' or '.join(shown_methods(one))} {one['path']}`" for one in routes[:6]]
        more = "" if len(routes) <= 6 else f" and {len(routes) - 6} more"
        why.append(f"Its routes are {join_words(listed) if not more else ', '.join(listed)}{more}.")
    return request_card(
        case,
        Kind.NOT_FOUND,
        exchange,
        f"No route of the app has the path {path}.",
        expected=trouble.expected_words,
        got="404 Not Found, from the router: no function was called",
        where=where,
        why=tuple(why),
        next_step=step,
    )


def _not_included(case: Case, trouble: StatusTrouble, route: RouteFacts) -> Card:
    location = route["location"]
    file = location["file"] if location else "the lab"
    return request_card(
        case,
        Kind.NOT_FOUND,
        trouble.exchange,
        f"No route of the app has the path {path_only(trouble.exchange.path)}.",
        expected=trouble.expected_words,
        got="404 Not Found, from the router: no function was called",
        where=place(location),
        why=(
            f"The router in {file} has this route (`{route['name']}`), but no app includes it.",
            "The routes of an `APIRouter` are answered once an app has included it.",
        ),
        next_step="Include that router where the app is made: `app.include_router(...)`.",
    )


def _route_step(method: str, path: str, unbegun: bool) -> str:
    decorator = f"@app.{method.lower()}"
    lead = "Decorate the function that should answer with"
    if unbegun:
        lead = "Write the function that answers in the region of this task, below"
    if any(
        not part.replace("-", "_").isidentifier() for part in path.strip("/").split("/") if part
    ):
        return f"{lead} `{decorator}(...)` with a fitting path."
    return f'{lead} `{decorator}("{path}")`.'


def explain_405(case: Case, trouble: StatusTrouble) -> Card | None:
    """Tell which methods the path has, and whose they are."""
    exchange = trouble.exchange
    if exchange.status != 405:
        return None
    path = path_only(exchange.path)
    holders = [route for route in case.routes if matches(route, path)]
    allowed = sorted({method for route in holders for method in shown_methods(route)})
    allowed = allowed or exchange.response_headers.get("allow", "").split(", ")
    why = [f"The path belongs to {join_words([describe(one) for one in holders])}."]
    template = holders[0]["path"] if holders else path
    decorator = f'@app.{exchange.method.lower()}("{template}")'
    where = place(holders[0]["location"]) if holders else None
    step = f"Decorate the function that should answer with `{decorator}`."
    others = [one for one in case.routes if exchange.method in one["methods"]]
    near = nearest(others, exchange.method, path)
    if near is not None and near.remedy:
        why.append(f"The nearest route for {exchange.method} is {describe(near.route)}.")
        why += [near.difference] if near.difference else []
        where = place(near.route["location"])
        step = f"{near.remedy}{place_words(near.route['location'])}."
    return request_card(
        case,
        Kind.METHOD_NOT_ALLOWED,
        exchange,
        f"{path} can be asked with {join_words(allowed, 'or')}, but not with {exchange.method}.",
        expected=trouble.expected_words,
        got=f"405 Method Not Allowed, allowed: {', '.join(allowed)}",
        where=where,
        why=tuple(why) if holders else (),
        next_step=step,
    )


def explain_redirect(case: Case, trouble: StatusTrouble) -> Card | None:
    """Explain the redirect that Starlette sends when only the last slash differs."""
    exchange = trouble.exchange
    if exchange.status not in {307, 308}:
        return None
    target = urlsplit(exchange.response_headers.get("location", "")).path
    path = path_only(exchange.path)
    if not target or target.rstrip("/") != path.rstrip("/"):
        return None
    route = next((one for one in case.routes if matches(one, target)), None)
    there = f" {describe(route)}" if route else f" {target}"
    verb, other = ("ends", "without") if target.endswith("/") else ("does not end", "with")
    return request_card(
        case,
        Kind.STATUS,
        exchange,
        f"{asked(exchange)} is redirected to {target}: the route's path {verb} with a slash.",
        expected=trouble.expected_words,
        got=f"{name_status(exchange.status)} to {target}",
        where=place(route["location"]) if route else None,
        why=(
            f"The route is{there}, the request comes {other} the slash.",
            "FastAPI sends such a request on to the other spelling instead of answering it.",
        ),
        next_step=(
            "Remove the slash at the end of the route's path; for the path of a router's prefix "
            'alone, write `""`.'
            if target.endswith("/")
            else "Add a slash to the end of the route's path."
        ),
    )
