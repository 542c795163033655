"""What `checker watch` shows: a redrawn screen, plain lines, or JSON lines."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from checker.cli.hint import hint_lines
from checker.cli.output import Form, print_json_line, wrapped, write
from checker.cli.verdicts import outcome_text, verdict_text
from checker.kinds import Verdict

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.cli.ink import Ink
    from checker.hints import GivenHint
    from checker.report import TopicReport
    from checker.watch.outcome import Outcome

KEYS = "t task · h hint · n next · r recheck · l list · q quit · ? help"
HELP = [
    "t  what the open task asks",
    "h  a hint that fits what failed",
    "n  the next topic, once this one is passed",
    "r  check again without a save",
    "l  all topics and where you stand",
    "q  quit; also Ctrl-C",
    "Save any lab of the workspace to check it.",
]
BEGIN_FRAME = "\x1b[?2026h\x1b[H\x1b[2J"
END_FRAME = "\x1b[?2026l"
BEGIN_LINE = "\r\x1b[2K"


class Guide(Protocol):
    """What the screens ask for beside verdicts."""

    def topics(self) -> list[str]:
        """Give the list of topics, a line each."""

    def task(self, topic: "Topic", report: "TopicReport | None") -> list[str]:
        """Say what the first open task asks."""

    def spot(self, topic: "Topic", report: "TopicReport") -> str:
        """Name the file and line to edit after this report."""


class JsonScreen:
    """One JSON document a line: each report, and `{"event": "ready"}` after the first of them."""

    def ready(self, topic: "Topic", live: bool) -> None:
        """Say that the watch is on."""
        print_json_line({"event": "ready", "topic": topic.id, "live": live})

    def verdict(self, outcome: "Outcome") -> None:
        """Print the report."""
        write(verdict_text(outcome.report, Form.JSON))

    def hint(self, topic: "Topic", hint: "GivenHint | None") -> None:
        """Print the hint."""
        text = hint.text if hint else None
        print_json_line({"event": "hint", "topic": topic.id, "text": text})

    def note(self, text: str) -> None:
        """Print it."""
        print_json_line({"event": "note", "text": text})

    def checking(self, topic: "Topic") -> None:
        """Say nothing: the report will."""

    def task(self, topic: "Topic", report: "TopicReport | None") -> None:
        """Say nothing: `checker show --json` does."""

    def topics(self) -> None:
        """Say nothing: `checker list --json` does."""

    def keys(self) -> None:
        """Say nothing: no person reads this."""

    def redraw(self) -> None:
        """Say nothing: lines stay."""


class PlainScreen:
    """Lines below lines; nothing is ever cleared.

    Args:
        ink: the style of words.
        guide: knows the topics and the files to edit.
        keys: whether keys are read.

    """

    def __init__(self, ink: "Ink", guide: Guide, *, keys: bool) -> None:
        self._ink = ink
        self._guide = guide
        self._with_keys = keys

    def ready(self, topic: "Topic", live: bool) -> None:
        """Say that the watch is on."""
        how = "" if live else " Without events of the file system: it looks four times a second."
        self._say([f"Watching {topic.id} and every other lab of the workspace.{how}"])
        self._say(["Press ? for the keys." if self._with_keys else "Ctrl-C ends it."])

    def checking(self, topic: "Topic") -> None:
        """Say nothing: the verdict follows at once."""

    def verdict(self, outcome: "Outcome") -> None:
        """Print the verdict and how long it took."""
        self._say([""])
        write(outcome_text(outcome, Form.PLAIN, self._ink))
        self._say([f"Checked at {clock()} in {milliseconds(outcome)} ms."])
        if outcome.report.verdict is not Verdict.PASSED:
            self._say([f"Edit {self._guide.spot(outcome.topic, outcome.report)}"])

    def hint(self, topic: "Topic", hint: "GivenHint | None") -> None:
        """Print the hint."""
        self._say(hint_lines(topic.id, hint))

    def task(self, topic: "Topic", report: "TopicReport | None") -> None:
        """Print the statement."""
        self._say(self._guide.task(topic, report))

    def topics(self) -> None:
        """Print the list."""
        self._say(self._guide.topics())

    def keys(self) -> None:
        """Print what the keys do."""
        self._say(HELP)

    def note(self, text: str) -> None:
        """Print it."""
        self._say([text])

    def redraw(self) -> None:
        """Leave the lines as they are."""

    def _say(self, lines: list[str]) -> None:
        write("\n".join(lines) + "\n")


class TerminalScreen:
    """One screen, drawn anew in a single write: the verdict, what was asked for, the state line.

    Args:
        ink: the style of words.
        guide: knows the topics and the files to edit.
        keys: whether keys are read.

    """

    def __init__(self, ink: "Ink", guide: Guide, *, keys: bool) -> None:
        self._ink = ink
        self._guide = guide
        self._with_keys = keys
        self._outcome: Outcome | None = None
        self._below: list[str] = []
        self._state = "The first check takes a moment longer."

    def ready(self, topic: "Topic", live: bool) -> None:
        """Say how saves are seen where it is not the usual way."""
        if not live:
            self.note(f"No events from the file system: {topic.id} and all else is polled.")

    def checking(self, topic: "Topic") -> None:
        """Say so in the state line, without touching the rest."""
        if self._outcome is None:
            write(f"{BEGIN_FRAME}{topic.id} {topic.title}\n\n{END_FRAME}")
        write(BEGIN_LINE + self._ink("dim", f"checking {topic.id} ..."))

    def verdict(self, outcome: "Outcome") -> None:
        """Show the verdict; what was below the last one goes."""
        self._outcome, self._below = outcome, []
        topic = outcome.topic.id
        took = f"checked at {clock()} in {milliseconds(outcome)} ms"
        self._state = f"{topic} {took}   lesson: checker show {topic}"
        self.redraw()

    def hint(self, topic: "Topic", hint: "GivenHint | None") -> None:
        """Show the hint below the verdict."""
        first, *rest = hint_lines(topic.id, hint)
        self._show([self._ink("warn", first), *wrapped(rest)])

    def task(self, topic: "Topic", report: "TopicReport | None") -> None:
        """Show the statement below the verdict."""
        self._show(self._guide.task(topic, report))

    def topics(self) -> None:
        """Show the list below the verdict."""
        self._show(self._guide.topics())

    def keys(self) -> None:
        """Show what the keys do."""
        self._show(HELP)

    def note(self, text: str) -> None:
        """Show a sentence below the verdict."""
        self._show([text])

    def redraw(self) -> None:
        """Draw everything in one write."""
        body = outcome_text(self._outcome, Form.TERMINAL, self._ink) if self._outcome else ""
        below = "".join(f"{line}\n" for line in ["", *self._below]) if self._below else ""
        keys = KEYS if self._with_keys else "Ctrl-C ends it"
        state = self._ink("dim", f"{self._state}\n{keys}")
        write(f"{BEGIN_FRAME}{body}{below}\n{self._edit()}{state}{END_FRAME}")

    def _edit(self) -> str:
        """Name the file to edit, as long as something is to be done in it."""
        if self._outcome is None or self._outcome.report.verdict is Verdict.PASSED:
            return ""
        spot = self._guide.spot(self._outcome.topic, self._outcome.report)
        return f"{self._ink('dim', 'edit')} {self._ink('link', spot)}\n"

    def _show(self, lines: list[str]) -> None:
        self._below = wrapped(lines)
        self.redraw()


def clock() -> str:
    """Give the time of day."""
    return datetime.now().astimezone().strftime("%H:%M:%S")


def milliseconds(outcome: "Outcome") -> int:
    """Give the time from the save seen to the verdict."""
    return round(outcome.seconds * 1000)
