"""Explain an app that takes too long to come up, and a process that ended by itself."""

import re
import signal

from checker.judge.diagnosis.parts import place
from checker.judge.diagnosis.server_error import tail
from checker.judge.evidence import Ended, LaunchFailed
from checker.report import Card, Kind, Location

Reason = tuple[str, tuple[str, ...], str]


def explain_slowness(failed: LaunchFailed) -> Card:
    """Write the card of a phase that took too long."""
    kind, what, why, step = SLOW.get(failed.timeout or "", SLOW["startup"])
    return Card(
        kind=kind,
        headline=what.format(seconds=f"{failed.seconds:g} s"),
        where=place(failed.frames[-1]) if failed.frames else None,
        why=why,
        next_step=WAITING if failed.frames else step,
        detail=tail(failed.log),
    )


WAITING = "See why this line does not come to an end: a loop, or a wait for what never comes."

SLOW: dict[str, tuple[Kind, str, tuple[str, ...], str]] = {
    "import": (
        Kind.IMPORT_TIMEOUT,
        "The lab was not imported within {seconds}.",
        (
            (
                "The code outside of functions runs when the module is imported; a loop or a "
                "wait there holds everything."
            ),
        ),
        (
            "Look outside of functions for a loop without an end, a long wait, or a call of "
            "`uvicorn.run`."
        ),
    ),
    "startup": (
        Kind.STARTUP_TIMEOUT,
        "The app did not start within {seconds}: its lifespan has not come to `yield`.",
        ("The server accepts requests only after the lifespan has come to its `yield`.",),
        (
            "Look before the `yield` for a loop without an end, or for something that is "
            "awaited and never comes."
        ),
    ),
    "shutdown": (
        Kind.STARTUP_TIMEOUT,
        "The app did not stop within {seconds}.",
        (
            (
                "On shutdown the server waits for open requests, then for the part of the "
                "lifespan after `yield`."
            ),
        ),
        "Look after the `yield`, and in background tasks, for something that does not end.",
    ),
}


def explain_end(ended: Ended) -> Card:
    """Write the card of a process that ended before it served."""
    if ended.command and ended.signal is None:
        return _explain_command(ended)
    words, why, step = end_words(ended)
    phase = {"import": "while it was imported", "startup": "while it started"}.get(ended.phase, "")
    return Card(
        kind=Kind.PROCESS_ENDED,
        headline=f"The app's process ended {phase}: {words}.".replace("  ", " ").replace(" :", ":"),
        why=why,
        next_step=step,
        detail=tail(ended.log),
    )


def _explain_command(ended: Ended) -> Card:
    """Let a command that gave up speak for itself: its last line names the cause."""
    lines = [line.strip(" •│") for line in ended.log.splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    said = re.sub(r"^(?:ERROR|CRITICAL)[: ]+", "", last)
    name = " ".join(ended.command).replace(" --port {port}", "")
    why, step = next(
        ((why, step) for pattern, why, step in LAST_WORDS if re.search(pattern, said)),
        ("", "Correct what the last line of its output names."),
    )
    return Card(
        kind=Kind.COMMAND,
        headline=f"`{name}` ended before it served" + (f": {said}" if said else "."),
        expected="a server that waits for requests",
        got=f"exit code {ended.code}",
        where=_named_line(said),
        why=(why,) if why else (),
        next_step=step,
        detail=tail(ended.log),
    )


def _named_line(said: str) -> Location | None:
    """Find the line of a file that a command complains of: the first of those it names."""
    found = re.search(r"\bat ([\w.-]+):(\d+)\b", said)
    return Location(file=found[1], line=int(found[2])) if found else None


LAST_WORDS = (
    (
        "Could not import module",
        "The module of the entry point is looked for from the folder in which the command runs.",
        "Write the module with the packages that it is in, as `package.module:variable`.",
    ),
    (
        "Attribute .* not found in module",
        "What stands behind the colon of the entry point is not a variable of that module.",
        "Write the name of the variable that holds the application behind the colon.",
    ),
    (
        "must be in (?:the )?format",
        "The entry point has two parts, the module and the variable, with a colon between.",
        "Write it as `package.module:variable`.",
    ),
    (
        "Could not find a default file to run",
        "Nothing names the app, and none of the files is there that the command tries then.",
        "Name the app under `[tool.fastapi]` in pyproject.toml, in the key `entrypoint`.",
    ),
    (
        "[Aa]ddress already in use",
        "Another process listens on this port.",
        "End that process, or choose another port.",
    ),
)


def end_words(ended: Ended) -> Reason:
    """Say how a process ended, what that means, and what to look for."""
    if ended.signal is not None:
        return SIGNALS.get(ended.signal, _other_signal(ended.signal))
    return (
        f"exit code {ended.code}",
        ("A server ends only when it is told to; `sys.exit`, `exit` and `os._exit` tell it.",),
        "Remove the call that ends the process.",
    )


def _other_signal(number: int) -> Reason:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "unknown"
    return f"signal {number} ({name})", (), "Look for what sends this signal to the process."


SIGNALS: dict[int, Reason] = {
    9: (
        "it was killed (signal 9)",
        (
            (
                "Nothing but the system, or the app itself, kills a process like this; often "
                "it used too much memory."
            ),
        ),
        "Look for a list or string that grows without an end.",
    ),
    11: (
        "it crashed (signal 11)",
        ("A crash like this comes from compiled code, or from recursion without an end.",),
        "Look for a function that calls itself without an end.",
    ),
}
