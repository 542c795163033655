"""Explain a 500: the learner's exception and line, or a value that breaks the response model."""

import re
from typing import cast

from checker.harmless import clean
from checker.host.facts import Raised
from checker.judge.diagnosis.aim import blamed_frame, is_given
from checker.judge.diagnosis.case import Case, StatusTrouble
from checker.judge.diagnosis.exceptions import meaning_of
from checker.judge.diagnosis.parts import asked, handler, place, request_card
from checker.judge.diagnosis.values import join_words, shorten, show_short, sounds_secret, unmarked
from checker.report import Card, Kind

LONGEST_MESSAGE = 300
LOG_LINES = 8
SERVER_NEWS = re.compile(r"(?:INFO|DEBUG):\s")
NO_RESPONSE = (
    "An exception handler has to return a `Response`; this one returned a plain value.",
    "Return a `JSONResponse` with the value and the status from the exception handler.",
)
LIBRARY_PATH = re.compile(r" \([^()]*[/\\][^()]*\.\w+\)$")


def explain_500(case: Case, trouble: StatusTrouble) -> Card | None:
    """Name the exception that escaped from the learner's function."""
    exchange = trouble.exchange
    if exchange.status != 500:
        return None
    facts = case.facts(exchange)
    raised = facts["raised"] if facts else None
    if raised is None:
        return _own_500(case, trouble)
    if raised["type"].rpartition(".")[2] == "ResponseValidationError":
        return _response_model(case, trouble, raised)
    explained = NO_RESPONSE if _returned_no_response(raised) else meaning_of(raised)
    inner = blamed_frame(case, raised["frames"])
    name = f"`{inner['function']}`" if inner and _is_name(inner["function"]) else handler(facts)
    return request_card(
        case,
        Kind.SERVER_ERROR,
        exchange,
        f"{name if raised['frames'] else 'The app'} raised {raised_words(raised, 120)}",
        expected=trouble.expected_words,
        got=unmarked(f"500 Internal Server Error: {raised_words(raised)}"),
        where=place(inner),
        why=(explained[0],) if explained else (),
        next_step=_mend(trouble, explained, name, bool(inner) and not _in_handler(raised)),
        detail=calls(raised),
    )


def _mend(
    trouble: StatusTrouble, explained: tuple[str, str] | None, name: str, theirs: bool
) -> str:
    if trouble.expected == 422 and explained and "built a model" in explained[0]:
        return f"Declare this model as the type of a parameter of {name}; then FastAPI answers 422."
    if trouble.expected == 422 and theirs and "." in name:
        return f"If {name} is a validator, raise a `ValueError` in this case: it becomes the 422."
    if trouble.expected and 400 <= trouble.expected < 500 and theirs:
        return (
            f"Check for this case in {name} before the line fails, and raise "
            f"`HTTPException(status_code={trouble.expected})`."
        )
    return explained[1] if explained else "Handle the case that this line meets here."


def _is_name(function: str) -> bool:
    """Tell a function or a method from a lambda or the top of a module."""
    return all(part.isidentifier() for part in function.split("."))


def _returned_no_response(raised: Raised) -> bool:
    """Recognise an exception handler whose value, not a response, Starlette tried to call."""
    called = raised["message"].endswith("object is not callable")
    return called and not raised["frames"] and bool(raised.get("causes"))


def _in_handler(raised: Raised) -> bool:
    """Tell whether it was raised while a refused request was being explained to the client."""
    return any("RequestValidationError" in cause for cause in raised.get("causes", []))


def raised_words(raised: Raised, longest: int = LONGEST_MESSAGE) -> str:
    """Give an exception as Python prints it: type, colon, message."""
    name = raised["type"].rpartition(".")[2]
    message = LIBRARY_PATH.sub("", clean(" ".join(raised["message"].split())))
    if name == "ValidationError" and raised.get("errors"):
        message = (
            f"{raised['message'].partition(chr(10))[0]}: {_error_words(raised['errors'][0], 0)}"
        )
    return shorten(f"{name}: {message}" if message else name, longest)


def calls(raised: Raised) -> str | None:
    """List the learner's frames if several, outermost first, and the causes."""
    lines = [
        f"{frame['file']}:{frame['line']} in {frame['function']}" for frame in raised["frames"]
    ]
    lines = lines if len(lines) > 1 else []
    lines += [f"caused by {shorten(clean(cause))}" for cause in raised.get("causes", [])]
    return "\n".join(lines) or None


def tail(log: str) -> str | None:
    """Give the last lines of a log that are not the server's own news."""
    lines = [line for line in log.splitlines() if line.strip() and not SERVER_NEWS.match(line)]
    return "\n".join(lines[-LOG_LINES:]) or None


def _own_500(case: Case, trouble: StatusTrouble) -> Card:
    exchange = trouble.exchange
    name = handler(case.facts(exchange))
    return request_card(
        case,
        Kind.SERVER_ERROR,
        exchange,
        f"{asked(exchange)} is answered with 500.",
        expected=trouble.expected_words,
        got="500 Internal Server Error",
        why=("No exception escaped: the app answered 500 itself.",) if case.facts(exchange) else (),
        next_step=f"Find what makes {name} answer 500.",
        detail=tail(case.failure.probe.log()),
    )


def _response_model(case: Case, trouble: StatusTrouble, raised: Raised) -> Card:
    exchange = trouble.exchange
    facts = case.facts(exchange)
    name = handler(facts)
    errors = raised.get("errors", [])
    first = errors[0] if errors else {}
    path = _path(first)
    words = [_error_words(one) for one in errors[:3]]
    why = [
        (
            "FastAPI checks what a function returns against its return annotation or "
            "`response_model=`; what does not fit is a 500."
        )
    ]
    if not path and "input" in first and first["input"] is None:
        headline = f"{name[:1].upper() + name[1:]} returned None: is a `return` missing?"
        step = f"Return the value from {name}, on every way through it."
        words = ["the function returned None"]
        if facts and is_given(case, facts["location"]) and exchange.request_body:
            why = ["A `model_validator` that does not `return self` makes `None` of the body."]
    elif "<coroutine object" in str(first.get("input")):
        headline = f"{name[:1].upper() + name[1:]} returned a coroutine: is an `await` missing?"
        step = f"Put `await` before the call in {name}"
        step += "." if facts and facts["is_async"] else ", and make it `async def`."
        words = ["the function returned a coroutine"]
    else:
        headline = (
            f"What {name} returned does not fit its response model: "
            f"{words[0] if words else 'see below'}."
        )
        step = _step(first, path, name)
    return request_card(
        case,
        Kind.RESPONSE_MODEL,
        exchange,
        headline,
        expected=trouble.expected_words,
        got="500 Internal Server Error: " + unmarked("; ".join(words)),
        where=place(facts["location"]) if facts else None,
        why=tuple(why),
        next_step=step,
    )


def _path(error: dict[str, object], skip: int = 1) -> list[str]:
    """Give an error's place, less its first part `response`."""
    loc = error.get("loc")
    places = cast("list[object]", loc) if isinstance(loc, list | tuple) else []
    return [clean(str(part)) for part in places[skip:]]


def _error_words(error: dict[str, object], skip: int = 1) -> str:
    path = ".".join(_path(error, skip))
    subject = f"the field `{path}`" if path else "the value"
    if error.get("type") == "missing":
        return f"{subject} is missing"
    message = str(error.get("msg", "not valid"))
    if not path and error.get("type") == "value_error":  # of a model's own rule; input is all of it
        return message.removeprefix("Value error, ")
    got = f" is {show_short(error['input'], 60)}" if "input" in error else ""
    return f"{subject}{got}: {message[:1].lower()}{message[1:]}"


def _step(error: dict[str, object], path: list[str], name: str) -> str:
    if error.get("type") == "missing" and path and sounds_secret(path[-1]):
        return f"Take `{path[-1]}` out of the response model of {name}: it must not leave the app."
    if error.get("type") == "missing":
        given = error.get("input")
        has = (
            f" (it has {join_words([f'`{key}`' for key in given])})"
            if isinstance(given, dict) and given
            else ""
        )
        return (
            f"Put `{path[-1] if path else ''}` into what {name} returns{has}, or give the "
            "field a default."
        )
    if path:
        return (
            f"Return a value for `{'.'.join(path)}` that fits the model, or correct the "
            "field's type."
        )
    return f"Return from {name} what its return annotation promises."
