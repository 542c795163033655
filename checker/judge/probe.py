"""Ask the host about the launch that a check talked to, for the diagnosis."""

import os
from pathlib import Path
from typing import Any

from checker.host.facts import Raised, RequestFacts, RouteFacts, Stall
from checker.judge.conversation import Conversation
from checker.judge.evidence import Exchange
from checker.judge.launch import QUESTION_SECONDS, Launched
from checker.judge.proxy import PROGRAM


class LaunchProbe:
    """The questions that a diagnosis may ask; each answers emptily when the process is gone.

    Args:
        conversation: tells which launch answered which exchange.
        shared: the launch to ask when nothing has been said yet, if there is one.
    """

    def __init__(self, conversation: Conversation, shared: Launched | None = None) -> None:
        self._conversation = conversation
        self.shared = shared

    def request_facts(self, exchange: Exchange) -> RequestFacts | None:
        """Tell what the app did with one request."""
        launched = self._conversation.launches.get(exchange.number, self.shared)
        facts: RequestFacts | None = _ask(launched, "request", request=str(exchange.number))
        return facts

    def proxied(self, exchange: Exchange) -> bool:
        """Tell whether the learner's proxy was asked, which asked an instance of the app."""
        launched = self._conversation.launches.get(exchange.number, self.shared)
        command = launched.order.command if launched else None
        return command is not None and Path(command[0]).stem == PROGRAM

    def routes(self) -> list[RouteFacts]:
        """List the app's routes."""
        return _ask(self._last, "routes") or []

    def written(self) -> list[RouteFacts]:
        """List the routes that the learner's files declare on routers, included or not."""
        return _ask(self._last, "written") or []

    def stalls(self) -> list[Stall]:
        """List the times in which the event loop stood still."""
        return _ask(self._last, "stalls") or []

    def exceptions(self) -> list[Raised]:
        """List the exceptions that escaped from the app."""
        return _ask(self._last, "exceptions") or []

    def log(self) -> str:
        """Give the end of the launch's output, with files named as the learner knows them."""
        last = self._last
        return last.log().replace(f"{last.order.folder}{os.sep}", "") if last else ""

    @property
    def _last(self) -> Launched | None:
        launches = list(self._conversation.launches.values())
        return launches[-1] if launches else self.shared


def _ask(launched: Launched | None, op: str, **question: str) -> Any:  # noqa: ANN401 - JSON
    if launched is None or not launched.address or launched.ended is not None:
        return None
    return launched.ask(op, QUESTION_SECONDS, **question).get("value")
