"""One failed check, prepared for the rules: its exchange, what the app did, what was compared."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from checker.host.facts import RequestFacts, RouteFacts
from checker.judge.diagnosis.difference import EachEntry, Path, same
from checker.judge.diagnosis.routes import matches
from checker.judge.diagnosis.scope import Scope
from checker.judge.diagnosis.subject import Subject, asserted_subject
from checker.judge.evidence import Exchange, Failure
from checker.report import Card

NOT_HTTP = frozenset({"CALL", "RUN", "RAW", "WEBSOCKET"})
NO_CONVERSATION = frozenset({"CALL", "RUN", "RAW"})
ABOUT_ANSWERS = frozenset({"status", "header", "cookie", "body", "text", "duration"})
NO_JSON = object()
NOWHERE = object()

PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


@dataclass(frozen=True, slots=True)
class StatusTrouble:
    """An answer with a wrong status; `expected` is None where any success would do."""

    exchange: Exchange
    expected: int | None
    expected_words: str


class Case:
    """A failure and all that follows from it; the host is asked when a rule needs it, and once."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        self.error = failure.error
        self.comparison = failure.comparison
        self.http = [one for one in failure.exchanges if one.method not in NOT_HTTP]
        self.sockets = [one for one in failure.exchanges if one.method == "WEBSOCKET"]
        self.conversations = [one for one in failure.exchanges if one.method not in NO_CONVERSATION]

    @cached_property
    def scope(self) -> Scope | None:
        """The suite's statement that failed."""
        return Scope.of(self.failure)

    @cached_property
    def subject(self) -> Subject | None:
        """What that statement looked at."""
        return asserted_subject(self.scope) if self.scope else None

    @property
    def about(self) -> str:
        """The kind of the subject, empty if unknown."""
        return self.subject.about if self.subject else ""

    @cached_property
    def exchange(self) -> Exchange | None:
        """The exchange that the assertion is about: that of its variable, else the last."""
        if self.about and self.about not in ABOUT_ANSWERS:
            return None
        return self._exchange_of_variable() or (self.http[-1] if self.http else None)

    def _exchange_of_variable(self) -> Exchange | None:
        if self.subject is None or self.scope is None or self.subject.variable is None:
            return None
        response = self.scope.values.get(self.subject.variable)
        exchange = getattr(response, "exchange", None)
        headers = getattr(getattr(response, "request", None), "headers", {})
        number = exchange.number if exchange else headers.get("x-checker-request")
        return next((one for one in self.conversations if str(one.number) == str(number)), None)

    @cached_property
    def socket(self) -> Exchange | None:
        """The WebSocket that the failure is about: that of its variable, else the last used."""
        named = self._exchange_of_variable()
        if named is not None:
            return named if named in self.sockets else None
        used = [one for one in self.sockets if one.frames] or self.sockets
        return max(used, key=_last_moment, default=None)

    @cached_property
    def body(self) -> object:
        """The answer's body as JSON; `NO_JSON` if it is not that."""
        return read_json(self.exchange.response_body) if self.exchange else NO_JSON

    def facts(self, exchange: Exchange) -> RequestFacts | None:
        """Ask what the app did with an exchange."""
        if exchange.number not in self._facts:
            facts = self.failure.probe.request_facts(exchange)
            self._facts[exchange.number] = self._with_route(facts) if facts else None
        return self._facts[exchange.number]

    def _with_route(self, facts: RequestFacts) -> RequestFacts:
        """Add the route of a request that is not finished, which the host notes at the end."""
        if facts["route"] or facts["finished"]:
            return facts
        for route in self.routes:
            if facts["method"] in route["methods"] and matches(route, facts["path"]):
                location = route["location"]
                return {
                    **facts,
                    "route": route["path"],
                    "endpoint": location["function"] if location else route["name"],
                    "location": location,
                }
        return facts

    @cached_property
    def _facts(self) -> dict[int, RequestFacts | None]:
        return {}

    @cached_property
    def routes(self) -> list[RouteFacts]:
        """The learner's routes; those that FastAPI adds itself have no location."""
        return [route for route in self.failure.probe.routes() if route["location"]]

    @cached_property
    def body_path(self) -> Path | None:
        """Where in the body the compared value stands; None if that is not known."""
        if self.subject is None or self.subject.about not in {"body", "value"}:
            return () if self.comparison and same(self.comparison.left, self.body) else None
        return self.subject.path

    @cached_property
    def status_trouble(self) -> StatusTrouble | None:
        """The unexpected status that this failure is really about, if it is."""
        return self._compared_status() or self._compared_statuses() or self._unasserted_status()

    def _compared_status(self) -> StatusTrouble | None:
        compared = self.comparison
        if compared is None or not is_status(compared.left):
            return None
        known = self.about == "status"
        if not known and not (self.about == "" and compared.operator in {"==", "in"}):
            return None
        exchange = self._exchange_with(compared.left, known)
        expected = compared.right
        if exchange is None or not (known or is_status(expected)):
            return None
        if compared.operator == "==" and is_status(expected):
            return StatusTrouble(exchange, as_int(expected), name_status(expected))
        return StatusTrouble(exchange, None, words_of_statuses(compared.operator, expected))

    def _exchange_with(self, status: object, known: bool) -> Exchange | None:
        of_variable = self._exchange_of_variable()
        if known and of_variable is not None and of_variable.status == status:
            return of_variable
        asked = self.conversations if known else self.http
        return next((one for one in reversed(asked) if one.status == status), None)

    def _compared_statuses(self) -> StatusTrouble | None:
        """Handle `[r.status_code for r in answers] == [200] * 10`."""
        compared = self.comparison
        if compared is None or compared.operator != "==":
            return None
        got, expected = listed(compared.left), listed(compared.right)
        if not got or not expected or not all(map(is_status, [*got, *expected])):
            return None
        pairs = zip(got, expected, strict=False) if len(got) == len(expected) else []
        wrong = next((pair for pair in pairs if pair[0] != pair[1]), None)
        if isinstance(compared.left, set | frozenset) or wrong is None:
            odd = next((status for status in got if status not in expected), None)
            wrong = (odd, expected[0])
        exchange = next((one for one in reversed(self.http) if one.status == wrong[0]), None)
        if exchange is None or not isinstance(wrong[1], int):
            return None
        return StatusTrouble(exchange, wrong[1], name_status(wrong[1]))

    def _unasserted_status(self) -> StatusTrouble | None:
        exchange = self.exchange
        if exchange is None or exchange.status is None or exchange.status < 300:
            return None
        if self.scope is not None:
            statuses, with_variables = self.scope.statuses_asserted()
            if exchange.status in statuses or with_variables:
                return None
        elif self.comparison is not None:
            return None
        return StatusTrouble(exchange, None, "a success: a status from 200 to 299")


def _last_moment(exchange: Exchange) -> float:
    last = exchange.frames[-1].seconds if exchange.frames else 0.0
    return exchange.began + last


def read_json(body: bytes) -> object:
    """Read a body as JSON; `NO_JSON` if it is not that."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return NO_JSON


def look_up(value: object, path: Path) -> object:
    """Follow a path into a JSON value; `NOWHERE` if it leads out of it."""
    for part in path:
        if part is EachEntry or isinstance(value, str):
            return NOWHERE
        try:
            value = value[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return NOWHERE
    return value


def is_status(value: object) -> bool:
    """Tell whether a value can be an HTTP status."""
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599


def as_int(status: object) -> int:
    """Give a status as a plain number, also when it is an `HTTPStatus`."""
    return int(status) if isinstance(status, int) else 0


def listed(value: object) -> list[object]:
    """Give the entries of a list, tuple or set; nothing for all else."""
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []


def name_status(status: object) -> str:
    """Give a status with its name: `404 Not Found`."""
    number = as_int(status)
    try:
        return f"{number} {PHRASES.get(number) or HTTPStatus(number).phrase}"
    except ValueError:
        return str(number)


def words_of_statuses(operator: str, expected: object) -> str:
    """Say in words which statuses an assertion allowed."""
    named = [name_status(status) for status in listed(expected)]
    if operator == "in" and named:
        return " or ".join(named)
    prefix = {"!=": "any status but", "<": "a status below", "<=": "a status of at most"}
    prefix |= {">": "a status above", ">=": "a status of at least", "not in": "none of"}
    words = ", ".join(named) if named else name_status(expected)
    return f"{prefix.get(operator, 'the status')} {words}"


Rule = Callable[[Case], Card | None]
