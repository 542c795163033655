"""A trial: the learner's tests, run by pytest beside the app that they test.

What is told are events on the wire of the order, one JSON object a line:

    {"event": "unreadable", "file": ..., "problem": Problem}   a file of tests that does not load
    {"event": "collected", "tests": [TestFacts], "rules": {...}}
    {"event": "begin", "test": ID}
    {"event": "outcome", "test": ID, "when": ..., "outcome": ..., "failure": TestFailure | None}
    {"event": "slept" | "network", "test": ID, ...}            what a test must not do
    {"event": "warned", "test": ID, "category": ..., "message": ...}
    {"event": "tested", "code": N, "loaded": bool}             the last one

None of it is trusted: the judge believes nothing that does not fit the rest.
"""

from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Trial:
    """Which tests to run and how.

    `regions` are (file, first line, last line) of the tests wanted; `tests` are ids of those
    wanted, in the order wanted; without both it is all tests. They run in a random order made from
    `seed`, backwards with `reverse`; with `stop` the first failure ends the trial. `plugins` are
    further pytest plugins by module name; `entry` is the app that must load in the end.
    """

    seed: int = 0
    reverse: bool = False
    stop: bool = False
    regions: tuple[tuple[str, int, int], ...] = ()
    tests: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    entry: str = ""


def parse_trial(data: object) -> Trial:
    """Read a trial from an order; ValueError says that it is none."""
    if not isinstance(data, dict):
        raise ValueError("trial must be an object")
    return Trial(
        seed=int(data.get("seed", 0)),
        reverse=bool(data.get("reverse")),
        stop=bool(data.get("stop")),
        regions=tuple((str(f), int(a), int(b)) for f, a, b in data.get("regions", ())),
        tests=tuple(map(str, cast("list[object]", data.get("tests", [])))),
        plugins=tuple(map(str, cast("list[object]", data.get("plugins", [])))),
        entry=str(data.get("entry", "")),
    )
