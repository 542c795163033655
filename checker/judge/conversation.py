"""Keep what was said between judge and lab, in order, for the card that a failure may need."""

import time
from collections.abc import Mapping

import httpx

from checker.judge.evidence import Exchange
from checker.judge.launch import Launched

REQUEST_HEADER = "x-checker-request"


class Conversation:
    """The exchanges of the check that runs now; numbers go on over the whole run."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.launches: dict[int, Launched] = {}
        self.last: Launched | None = None
        self._number = 0
        self._watch = Stopwatch()

    def begin_check(self) -> None:
        """Forget the exchanges of the check before."""
        self._watch = Stopwatch()
        self.exchanges = []
        self.launches = {}
        self.last = None

    def open(self, request: httpx.Request, launched: Launched) -> Exchange:
        """Note a request that is about to be sent, and number it for the host."""
        path = request.url.raw_path.decode()
        exchange = self.note(launched, request.method, path, request.headers, request.read())
        request.headers[REQUEST_HEADER] = str(exchange.number)
        return exchange

    def note(
        self,
        launched: Launched,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Exchange:
        """Note the beginning of an exchange with a launch."""
        self._number += 1
        exchange = Exchange(
            self._number, method, path, headers or {}, body, began=self._watch.seconds()
        )
        self.exchanges.append(exchange)
        self.launches[exchange.number] = self.last = launched
        return exchange


class Stopwatch:
    """Measure seconds from its making."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def seconds(self) -> float:
        """Give the seconds since the stopwatch was made."""
        return time.perf_counter() - self._start


def fill(exchange: Exchange, response: httpx.Response, seconds: float) -> None:
    """Complete an exchange with the answer that came."""
    exchange.status = response.status_code
    exchange.response_headers = response.headers
    exchange.response_body = response.content
    exchange.seconds = seconds
