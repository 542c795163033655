"""Compare a request's path with the paths of the app's routes."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from checker.host.facts import RouteFacts

PARAMETER = re.compile(r"\{([^{}:]+)(?::[^{}]*)?\}")
LIKE_A_PARAMETER = re.compile(r"\w*_\w+|\w*id", re.ASCII)
CLOSE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Near:
    """A route that resembles a request, and the sentence that tells what sets them apart."""

    route: RouteFacts
    difference: str
    remedy: str


def path_only(path: str) -> str:
    """Give a path without its query string."""
    return path.partition("?")[0]


def matches(route: RouteFacts, path: str) -> bool:
    """Tell whether a route's path fits a request's, whatever the method."""
    return re.fullmatch(_pattern(route["path"]), path_only(path)) is not None


def _pattern(template: str) -> str:
    pattern, end = "", 0
    for found in PARAMETER.finditer(template):
        pattern += re.escape(template[end : found.start()])
        pattern += ".+" if found.group(0).endswith(":path}") else "[^/]+"
        end = found.end()
    return pattern + re.escape(template[end:])


def describe(route: RouteFacts) -> str:
    """Name a route with where it stands: `POST /book` (`create_book`, app.py:12)."""
    location = route["location"]
    place = f", {location['file']}:{location['line']}" if location else ""
    return f"`{' or '.join(shown_methods(route))} {route['path']}` (`{route['name']}`{place})"


def shown_methods(route: RouteFacts) -> list[str]:
    """Give a route's methods without the HEAD that comes with a GET."""
    methods = sorted(route["methods"])
    return [one for one in methods if one != "HEAD"] or methods


def nearest(routes: list[RouteFacts], method: str, path: str) -> Near | None:
    """Find the route that was most likely meant for a request, best explanation first."""
    path = path_only(path)
    candidates = sorted(routes, key=lambda route: method not in route["methods"])
    for explain in (_slash, _capitals, _braces, _prefix, _order):
        for route in candidates:
            near = explain(route, path)
            if near is not None:
                return near
    return _similar(candidates, method, path)


def left_out(
    written: list[RouteFacts], routes: list[RouteFacts], method: str, path: str
) -> RouteFacts | None:
    """Find the route for a request that a router has and the app has not, as nothing includes it.

    The beginning of the requested path may be a prefix that `include_router` was to give.
    """
    places = [_place(route) for route in routes]
    loose = [one for one in written if method in one["methods"] and _place(one) not in places]
    parts = path_only(path).split("/")[1:]
    ends = ["".join(f"/{part}" for part in parts[start:]) for start in range(len(parts) + 1)]
    return next((route for end in ends for route in loose if matches(route, end)), None)


def _place(route: RouteFacts) -> tuple[str, int] | None:
    location = route["location"]
    return (location["file"], location["line"]) if location else None


def _slash(route: RouteFacts, path: str) -> Near | None:
    other = path.rstrip("/") if path.endswith("/") else path + "/"
    if not matches(route, other):
        return None
    ends = "ends" if route["path"].endswith("/") else "does not end"
    return Near(
        route,
        (
            f"Its path {ends} with a slash, the requested one "
            f"{'does not' if ends == 'ends' else 'does'}."
        ),
        "Give the route's path exactly the slashes of the requested one",
    )


def _capitals(route: RouteFacts, path: str) -> Near | None:
    if route["path"].lower() == route["path"] or not re.fullmatch(
        _pattern(route["path"]), path, re.IGNORECASE
    ):
        return None
    return Near(route, "Capital letters count in a path.", "Write the path in lower case")


def _braces(route: RouteFacts, path: str) -> Near | None:
    """Recognise `/books/book_id` where `/books/{book_id}` was meant."""
    wrong = [(ours, theirs) for ours, theirs in _segments(route, path) if not _fits(ours, theirs)]
    if len(wrong) != 1 or not wrong[0][1] or not LIKE_A_PARAMETER.fullmatch(wrong[0][0]):
        return None
    name = wrong[0][0]
    return Near(
        route,
        f"Its path contains the plain word `{name}`, so it fits only a path that has this very "
        f"word; a path parameter stands in braces.",
        f"Write the parameter as `{{{name}}}` in the path",
    )


def _segments(route: RouteFacts, path: str) -> list[tuple[str, str]]:
    ours, theirs = route["path"].strip("/").split("/"), path.strip("/").split("/")
    return list(zip_longest(ours, theirs, fillvalue=""))


def _fits(ours: str, theirs: str) -> bool:
    return ours == theirs or bool(theirs and PARAMETER.fullmatch(ours))


def _prefix(route: RouteFacts, path: str) -> Near | None:
    """Recognise a prefix that is missing, or there twice."""
    first, _, rest = path.strip("/").partition("/")
    if rest and _has_word(route["path"]) and matches(route, "/" + rest):
        return Near(
            route,
            f"The requested path begins with `/{first}`, the route's does not.",
            f"Put the prefix `/{first}` before the route's path",
        )
    first, _, rest = route["path"].strip("/").partition("/")
    if rest and _has_word(rest) and re.fullmatch(_pattern("/" + rest), path):
        return Near(
            route,
            f"The route's path begins with `/{first}`, the requested one does not; perhaps a "
            f"router's `prefix` is repeated in the path.",
            f"Remove `/{first}` from the route's path or its router's prefix",
        )
    return None


def _has_word(template: str) -> bool:
    return any(part and not PARAMETER.fullmatch(part) for part in template.split("/"))


def _order(route: RouteFacts, path: str) -> Near | None:
    """Recognise the right segments in the wrong order: `/{book_id}/books`."""
    ours, theirs = route["path"].strip("/").split("/"), path.strip("/").split("/")
    words = sorted(part for part in ours if not PARAMETER.fullmatch(part))
    if len(ours) != len(theirs) or len(ours) < 2 or not words or len(words) == len(ours):
        return None
    if not all(word in theirs for word in words) or matches(route, path):
        return None
    return Near(
        route,
        "It has the right parts in another order.",
        "Put the path's segments in the requested order",
    )


def _similar(routes: list[RouteFacts], method: str, path: str) -> Near | None:
    scored = [(_likeness(route, method, path), route) for route in routes]
    likeness, route = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if route is None or likeness < CLOSE_ENOUGH:
        return None
    if len(_segments(route, path)) != route["path"].strip("/").count("/") + 1:
        return Near(route, "It is shorter than the requested path.", "")
    return Near(route, "", f"Write the path of `{route['name']}` as the task gives it")


def _likeness(route: RouteFacts, method: str, path: str) -> float:
    pairs = _segments(route, path)
    total = sum(
        0.8
        if ours != theirs and _fits(ours, theirs)
        else SequenceMatcher(None, ours, theirs).ratio()
        for ours, theirs in pairs
    )
    return total / len(pairs) * (1.0 if method in route["methods"] else 0.9)
