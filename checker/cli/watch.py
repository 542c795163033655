"""`checker watch`."""

import contextlib
from typing import TYPE_CHECKING

import typer

from checker.cli.options import JsonOption, OptionalTopic, PlainOption, SandboxOption
from checker.cli.output import Form
from checker.cli.signals import ended_by_signals

if TYPE_CHECKING:
    from checker.catalog import Topic
    from checker.cli.ink import Ink
    from checker.desk import Desk
    from checker.report import TopicReport
    from checker.watch.loop import Screen

app = typer.Typer(add_completion=False)


@app.command()
def watch(
    topic: OptionalTopic = None,
    sandbox: SandboxOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Judge a topic each time you save.

    A save in another lab of the workspace goes over to that topic.

    In a terminal: h hint, n next topic, r check again, l list, q quit, ? help. With --json each
    line is a report, and `{"event": "ready"}` says after the first one that saves are seen.

    CHECKER_POLL=1 looks at the files itself where the file system gives no events.
    """
    from checker.cli.names import open_desk, topic_or_next
    from checker.cli.output import choose_form

    desk = open_desk()
    found = topic_or_next(desk, topic)
    watch_topic(desk, found, choose_form(json=json, plain=plain), sandbox=sandbox)


def watch_topic(desk: "Desk", topic: "Topic", form: Form, *, sandbox: bool = False) -> None:
    """Watch until the learner quits; the terminal is given back as it was."""
    import queue

    from checker.cli.output import interactive, write
    from checker.judge.client import Judge
    from checker.watch.events import Event, Key, Wake
    from checker.watch.keys import Keys
    from checker.watch.loop import Loop
    from checker.watch.notice import Notices
    from checker.watch.runner import Runner

    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    kind = "bubblewrap" if sandbox else "bare"
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        stack.enter_context(ended_by_signals())
        runner = Runner(lambda: Judge(desk.catalog, sandbox=kind), desk.folder, events.put)
        stack.enter_context(runner)
        notices = stack.enter_context(Notices(desk.root, lambda paths: events.put(Wake(paths))))
        if interactive():
            stack.enter_context(Keys(lambda key: events.put(Key(key))))
        screen = _screen(desk, form, keys=interactive())
        Loop(
            desk,
            screen,
            runner.submit,
            events,
            live=notices.live,
            at_rest=notices.go_on,
        ).run(topic)
    if form is not Form.JSON:
        write("\nYour progress is kept. `checker` says where you are.\n")


class DeskGuide:
    """Tells the screens about the topics and files of a desk."""

    def __init__(self, desk: "Desk", ink: "Ink") -> None:
        self._desk = desk
        self._ink = ink

    def topics(self) -> list[str]:
        """Give the list of topics, a line each."""
        from checker.cli.listing import list_lines

        return list_lines(self._desk, self._ink, self._desk.catalog.topics, whole=False)

    def task(self, topic: "Topic", report: "TopicReport | None") -> list[str]:
        """Say what the first open task asks."""
        from checker.cli.markdown import drawn_lines, plain_text

        tasks = self._desk.open_tasks(topic, report)
        if not tasks:
            return [f"Every task of {topic.id} is passed."]
        task = tasks[0]
        title = self._ink("bold", f"{task.title} ({task.id})")
        text = self._desk.catalog.statement(topic, task.id)
        lines = drawn_lines(text) if self._ink.terminal else plain_text(text).splitlines()
        return [title, "", *lines]

    def spot(self, topic: "Topic", report: "TopicReport") -> str:
        """Name the file and line to edit after this report."""
        from checker.cli.home import shown

        return shown(self._desk.spot(topic, report))


def _screen(desk: "Desk", form: Form, *, keys: bool) -> "Screen":
    from checker.cli.ink import Ink
    from checker.cli.screens import JsonScreen, PlainScreen, TerminalScreen

    if form is Form.JSON:
        return JsonScreen()
    ink = Ink(form)
    screen = TerminalScreen if form is Form.TERMINAL else PlainScreen
    return screen(ink, DeskGuide(desk, ink), keys=keys)
