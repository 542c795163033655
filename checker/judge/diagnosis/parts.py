"""The parts that cards are put together from."""

from checker.host.facts import Frame, RequestFacts
from checker.judge.curl import curl
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.values import decode, shorten
from checker.judge.evidence import Exchange
from checker.report import Card, ExchangeView, Kind, Location

LONGEST_BODY = 2_000
MOST_EARLIER = 3


def view(exchange: Exchange) -> ExchangeView:
    """Give an exchange as a card shows it."""
    answered = exchange.status is not None
    return ExchangeView(
        method=exchange.method,
        path=exchange.path,
        curl=curl(exchange),
        request_body=_text(exchange.request_body),
        status=exchange.status,
        response_body=_text(exchange.response_body) if answered else None,
        milliseconds=round(exchange.seconds * 1000, 1) if exchange.seconds else None,
    )


def _text(body: bytes) -> str | None:
    return shorten(decode(body), LONGEST_BODY) if body else None


def earlier(case: Case, exchange: Exchange) -> tuple[ExchangeView, ...]:
    """Give the requests that the check sent before, at most three, each once."""
    commands = {curl(exchange)}
    views: list[ExchangeView] = []
    for one in reversed(case.http):
        if one.number < exchange.number and (command := curl(one)) not in commands:
            commands.add(command)
            views.append(view(one))
    return tuple(reversed(views[:MOST_EARLIER]))


def place(frame: Frame | None) -> Location | None:
    """Give a frame of the learner's as a location."""
    if frame is None or frame["line"] < 1:
        return None
    return Location(
        file=frame["file"],
        line=frame["line"],
        function=frame["function"] or None,
        source=frame["source"].strip() or None,
    )


def place_words(frame: Frame | None) -> str:
    """Give a frame as ` (app.py:12)`, or nothing."""
    return f" ({frame['file']}:{frame['line']})" if frame else ""


def asked(exchange: Exchange) -> str:
    """Name a request: `GET /books/3`."""
    return f"{exchange.method} {shorten(exchange.path, 80)}"


def handler(facts: RequestFacts | None) -> str:
    """Name the function that answers: `` `get_book` ``, or `the app` if it is not known."""
    name = facts["endpoint"] if facts else None
    return f"`{name.rpartition('.')[2]}`" if name else "the app"


def request_card(
    case: Case,
    kind: Kind,
    exchange: Exchange,
    headline: str,
    *,
    expected: str | None = None,
    got: str | None = None,
    where: Location | None = None,
    why: tuple[str, ...] = (),
    next_step: str | None = None,
    detail: str | None = None,
) -> Card:
    """Make a card about one exchange; without a better place it points at the handler."""
    if where is None and (facts := case.facts(exchange)) is not None:
        where = place(facts["location"])
    return Card(
        kind=kind,
        headline=headline,
        request=view(exchange),
        earlier=earlier(case, exchange),
        expected=expected,
        got=got,
        where=where,
        why=why,
        next_step=next_step,
        detail=detail,
    )
