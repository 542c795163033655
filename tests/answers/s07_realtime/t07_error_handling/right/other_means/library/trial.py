"""A server that fails by plan, to try the client on: `python -m library.trial` tells what happens.

Sleeping is replaced: each delay is noted, and over at once. Leave this file alone.
"""

import asyncio
import contextlib
import itertools
import json
import socket
import sys
from typing import Any, TypedDict

from websockets.asyncio.client import connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from . import client

PATIENCE = 1.0  # seconds after which a client that goes on is stopped
GONE = 410


class Step(TypedDict, total=False):
    """What happens to one attempt: nobody listens, a refusal, or events and then an end."""

    away: bool
    refuse: int
    send: list[int]
    close: int  # without it, the connection is cut


class Outcome(TypedDict):
    """What became of the client; `story` has a line for each attempt, and one for the end."""

    story: list[str]
    visits: list[int]
    delays: list[float]
    handled: list[int]
    ended: str


class Trial:
    """One plan, and what happened."""

    def __init__(self, plan: list[Step], fails_at: int = 0) -> None:
        self.plan = list(plan)
        self.fails_at = fails_at
        self.outcome = Outcome(story=[], visits=[], delays=[], handled=[], ended="")
        self.over = asyncio.Event()
        self._server: Server | None = None
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._socket.getsockname()[1]}/news"

    def begin(self, line: str) -> None:
        """Begin a line of the story."""
        self.outcome["story"].append(line)

    def go_on(self, words: str) -> None:
        """Go on with the last line of the story."""
        self.outcome["story"][-1:] = [", ".join([*self.outcome["story"][-1:], words])]

    async def listen(self) -> None:
        """Begin to listen, unless the plan says that nobody does."""
        if self._server is None and not (self.plan and self.plan[0].get("away")):
            self._server = await serve(
                self.talk, sock=self._socket, process_request=self.admit, ping_interval=None
            )

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._socket.close()

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Note a visit, and refuse it if that is the plan."""
        after = int(request.path.partition("after=")[2] or "0")
        self.outcome["visits"].append(after)
        self.begin(f"came with after={after}")
        if not self.plan:
            self.over.set()
            return connection.respond(GONE, "The trial is over.")
        if "refuse" not in self.plan[0]:
            return None
        status = self.plan.pop(0)["refuse"]
        self.go_on(f"was refused with {status}")
        return connection.respond(status, "Not now.")

    async def talk(self, connection: ServerConnection) -> None:
        """Send what is planned, and end as planned."""
        step = self.plan.pop(0)
        for number in step.get("send", []):
            await connection.send(json.dumps({"id": number, "text": f"News {number}"}))
        if step.get("send"):
            self.go_on(f"was sent {', '.join(map(str, step['send']))}")
        with contextlib.suppress(Exception):  # the pong: all that was sent has arrived
            await asyncio.wait_for(await connection.ping(), 1)
        if "close" in step:
            self.go_on(f"was closed with {step['close']}")
            await connection.close(step["close"], "By plan.")
        else:
            self.go_on("was cut off")
            connection.transport.abort()

    async def handle(self, event: client.Event) -> None:
        """Note that an event was handled; fail at one of them if that is the plan."""
        if event["id"] == self.fails_at:
            raise LookupError("no shelf for this")
        self.outcome["handled"].append(event["id"])
        await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        """Note a delay, and be done with it."""
        if self.over.is_set():
            await asyncio.sleep(PATIENCE)
        if self.plan and self.plan[0].get("away"):
            self.plan.pop(0)
            self.begin("found nobody")
        self.outcome["delays"].append(seconds)
        self.go_on(f"slept {seconds:.2f} s")
        await self.listen()
        await asyncio.sleep(0)

    async def play(self, after: int) -> Outcome:
        """Let the client follow until it ends, comes once too often, or time is over."""
        await self.listen()
        following = asyncio.ensure_future(
            client.follow(self.url, self.handle, after=after, sleep=self.sleep)
        )
        over = asyncio.ensure_future(self.over.wait())
        await asyncio.wait({following, over}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        self.outcome["ended"] = await self._end(following)
        self.begin(self.outcome["ended"])
        await self.close()
        return self.outcome

    async def _end(self, following: "asyncio.Future[None]") -> str:
        """Say how the client ended; stop it if it has not."""
        await asyncio.wait({following}, timeout=0.05)
        if following.done():
            error = following.exception()
            return f"follow() raised {type(error).__name__}" if error else "follow() returned"
        following.cancel()
        await asyncio.wait({following}, timeout=1)
        return "follow() went on" + ("" if self.outcome["delays"] else ", and never called sleep()")


async def run(plan: list[Step], after: int = 0, fails_at: int = 0) -> Outcome:
    """Let the client follow a server that keeps to a plan."""
    return await Trial(plan, fails_at).play(after)


async def judge_ends(ends: list[Step]) -> list[Any]:
    """Give what `is_final` says of each end, as it reaches a client over a socket."""
    return [client.is_final(await _experience(end)) for end in ends]


async def _experience(end: Step) -> Exception:
    trial = Trial([end])
    await trial.listen()
    try:
        async with connect(f"{trial.url}?after=0", proxy=None) as connection:
            await connection.recv()
    except Exception as error:  # noqa: BLE001 - whatever a client meets
        return error
    finally:
        await trial.close()
    raise AssertionError("the connection did not end")


def take_delays(times: int, count: int) -> list[list[float]]:
    """Take the first delays, several times."""
    return [list(itertools.islice(client.delays(), count)) for _ in range(times)]


def last_delay(count: int) -> float:
    """Give the last of many delays."""
    *_, last = itertools.islice(client.delays(), count)
    return float(last)


if __name__ == "__main__":
    PLAN: list[Step] = [
        {"away": True},
        {"send": [1, 2, 3]},
        {"refuse": 503},
        {"send": [3, 4], "close": 1012},
        {"send": [5], "close": 1000},
    ]
    outcome = asyncio.run(run(PLAN))
    sys.stdout.write("\n".join([*outcome["story"], f"handled: {outcome['handled']}"]) + "\n")
