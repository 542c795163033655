"""Explain a status that is not the one asked for."""

from collections.abc import Callable

from checker.judge.diagnosis.case import NO_JSON, Case, StatusTrouble, name_status, read_json
from checker.judge.diagnosis.handshake import explain_handshake
from checker.judge.diagnosis.parts import asked, handler, request_card
from checker.judge.diagnosis.routing import explain_404, explain_405, explain_redirect
from checker.judge.diagnosis.server_error import explain_500
from checker.judge.diagnosis.unprocessable import explain_422
from checker.judge.diagnosis.values import show_short
from checker.report import Card, Kind

Reason = tuple[str, str]


def explain_status(case: Case) -> Card | None:
    """Write the card of an unexpected status, if that is the trouble."""
    trouble = case.status_trouble
    if trouble is None:
        return None
    if trouble.exchange.method == "WEBSOCKET":
        return explain_handshake(case, trouble)
    for rule in BY_STATUS:
        card = rule(case, trouble)
        if card is not None:
            return card
    return _other(case, trouble)


def _other(case: Case, trouble: StatusTrouble) -> Card:
    exchange = trouble.exchange
    why, step = _reason(case, trouble)
    message = case.failure.message
    wanted = f" instead of {trouble.expected}" if trouble.expected else ""
    return request_card(
        case,
        Kind.STATUS,
        exchange,
        f"{asked(exchange)} is answered with {exchange.status}{wanted}.",
        expected=trouble.expected_words,
        got=name_status(exchange.status),
        why=(message,) if message else (why,) if why else (),
        next_step=None if message and trouble.expected in REFUSALS else step,
    )


def _reason(case: Case, trouble: StatusTrouble) -> Reason:
    name = handler(case.facts(trouble.exchange))
    got, expected = trouble.exchange.status or 0, trouble.expected or 200
    said = _said(trouble)
    if got < 300 and expected < 300:
        if got == 200:
            why = "FastAPI answers 200 unless the route's decorator names another status."
        else:
            why = f"Something in the route sets the status to {got}."
        return why, f"Pass `status_code={expected}` to the decorator of {name}."
    if got < 300 and expected >= 400 and _is_returned_exception(trouble):
        why = "The body of the answer is an `HTTPException` that was returned instead of raised."
        return why, f"Write `raise` instead of `return` before the `HTTPException` in {name}."
    if got < 300 and expected in REFUSALS:
        why, step = REFUSALS[expected]
        return why, step.replace("{name}", name)
    if got >= 400 and expected >= 400:
        why = f"The app refuses the request, as it should, but with another status{said}."
        return why, f"Let {name} answer {expected} in this case."
    if got >= 400 and case.failure.probe.proxied(trouble.exchange):
        why = "The answer came through the proxy: from an instance, or from itself."
        return why, "See in its file whom the proxy asks, whom it leaves out, how long it tries."
    if got >= 400:
        why = f"{name[:1].upper() + name[1:]}, or a dependency of it, refused the request{said}."
        return (
            why,
            f"Find the condition under which {name} answers {got}, and see why it holds here.",
        )
    return "", f"Let {name} answer {expected} here."


def _is_returned_exception(trouble: StatusTrouble) -> bool:
    body = read_json(trouble.exchange.response_body)
    return isinstance(body, dict) and {"status_code", "detail"} <= set(body)


def _said(trouble: StatusTrouble) -> str:
    body = read_json(trouble.exchange.response_body)
    detail = body.get("detail", NO_JSON) if isinstance(body, dict) else NO_JSON
    return "" if detail is NO_JSON else f", with the reason {show_short(detail)}"


REFUSALS: dict[int, Reason] = {
    400: (
        "The app accepted a request that it has to refuse.",
        "Check for this case in {name} and raise `HTTPException(status_code=400)`.",
    ),
    401: (
        "The app answered without knowing who asks.",
        "Let {name} depend on what checks the credentials.",
    ),
    403: (
        "The app answered someone who may not do this.",
        (
            "Check in {name} whether this person may do it, and raise "
            "`HTTPException(status_code=403)` if not."
        ),
    ),
    404: (
        "The app answered as if this existed.",
        "Raise `HTTPException(status_code=404)` when there is nothing to answer with.",
    ),
    409: (
        "The app accepted something that contradicts what it already has.",
        "Check for the conflict in {name} and raise `HTTPException(status_code=409)`.",
    ),
    422: (
        (
            "The app accepted input that it has to refuse; FastAPI answers 422 when a declared "
            "type or constraint is broken."
        ),
        "Declare the type or the constraint that this request breaks.",
    ),
}

BY_STATUS: tuple[Callable[[Case, StatusTrouble], Card | None], ...] = (
    explain_404,
    explain_405,
    explain_422,
    explain_500,
    explain_redirect,
)
