"""The parts that cards are put together from."""

from checker.host.facts import Frame, RequestFacts
from checker.judge.curl import curl
from checker.judge.diagnosis.case import Case
from checker.judge.diagnosis.values import decode, shorten
from checker.judge.evidence import Exchange, Piece
from checker.report import Card, ExchangeView, FrameView, Kind, Location

LONGEST_BODY = 2_000
LONGEST_FRAME = 300
FIRST_FRAMES, LAST_FRAMES = 4, 8
MOST_EARLIER = 3


def view(exchange: Exchange) -> ExchangeView:
    """Give an exchange as a card shows it."""
    answered = exchange.status is not None
    shown, omitted = _shown(exchange.frames)
    return ExchangeView(
        method=exchange.method,
        path=exchange.path,
        curl=curl(exchange),
        request_body=_text(exchange.request_body),
        status=exchange.status,
        response_body=_text(exchange.response_body) if answered else None,
        milliseconds=round(exchange.seconds * 1000, 1) if exchange.seconds else None,
        began=round(exchange.began * 1000, 1),
        frames=tuple(
            FrameView(
                milliseconds=round(one.seconds * 1000, 1),
                sender="client" if one.sent else "app",
                kind=one.kind,
                text=shorten(one.text.replace("\r", "\\r"), LONGEST_FRAME),
            )
            for one in shown
        ),
        omitted=omitted,
    )


def _shown(pieces: list[Piece]) -> tuple[list[Piece], int]:
    """Choose the pieces that fit on a card, and count those left out after the first few."""
    if len(pieces) <= FIRST_FRAMES + LAST_FRAMES:
        return list(pieces), 0
    return (
        pieces[:FIRST_FRAMES] + pieces[-LAST_FRAMES:],
        len(pieces) - FIRST_FRAMES - LAST_FRAMES,
    )


def _text(body: bytes) -> str | None:
    return shorten(decode(body), LONGEST_BODY) if body else None


def earlier(case: Case, exchange: Exchange) -> tuple[ExchangeView, ...]:
    """Give what else the check said to the app, at most three: requests before, each once.

    Of WebSockets also those that were opened later, if something was said on them.
    """
    commands = {curl(exchange)}
    others: list[Exchange] = []
    for one in reversed(case.conversations):
        talks = one.method == "WEBSOCKET" and bool(one.frames)
        before = one.number < exchange.number
        if one is exchange or not (talks or before):
            continue
        if talks or curl(one) not in commands:
            commands.add(curl(one))
            others.append(one)
    return tuple(view(one) for one in reversed(others[:MOST_EARLIER]))


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
    if exchange.method == "WEBSOCKET":
        return f"the WebSocket {shorten(exchange.path, 80)}"
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
