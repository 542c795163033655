"""Reports to draw."""

from checker.report import (
    Card,
    CheckResult,
    ExchangeView,
    FrameView,
    Kind,
    Location,
    TaskResult,
    TopicReport,
    Verdict,
)

STATUS = Card(
    kind=Kind.STATUS,
    headline="POST /books is answered with 200 instead of 201.",
    request=ExchangeView(
        method="POST",
        path="/books",
        curl="curl http://127.0.0.1:8000/books --json "
        '\'{"title": "The Life and Opinions of Tristram Shandy, Gentleman", "year": 1759}\'',
        status=200,
        response_body='{"id": 3}',
    ),
    expected="201 Created",
    got="200 OK",
    where=Location(
        file="app.py", line=23, function="create_book", source="def create_book(book: NewBook):"
    ),
    why=("FastAPI answers 200 unless the route's decorator names another status.",),
    next_step="Pass `status_code=201` to the decorator of `create_book`.",
)
SYNTAX = Card(
    kind=Kind.SYNTAX_ERROR,
    headline="Python cannot read app.py: expected ':'.",
    where=Location(file="app.py", line=8, source="def create_book()", column=18),
    why=("Nothing of the file runs before all of it can be read, so no task was judged.",),
    next_step="Put a colon at the end of the line.",
    detail="one line\nanother line",
)
MARKUP = Card(
    kind=Kind.BODY,
    headline="The answer holds [bold red]a tag[/bold red] and [link=x]more[/link].",
    expected='body["title"] = "[red]Dune"',
    got='body["title"] = "[red]dune"',
)

TALK = Card(
    kind=Kind.SOCKET_CLOSED,
    headline="The app closed the WebSocket /hall/2 with 1006 instead of 1000.",
    earlier=(
        ExchangeView(
            method="WEBSOCKET",
            path="/hall/1",
            curl="python -m websockets ws://127.0.0.1:8000/hall/1",
            status=101,
            began=3.0,
            frames=(
                FrameView(milliseconds=1.2, sender="client", kind="text", text="[hello]"),
                FrameView(milliseconds=4.0, sender="app", kind="close", text="1008 no\nnoise"),
            ),
        ),
    ),
    request=ExchangeView(
        method="WEBSOCKET",
        path="/hall/2",
        curl="python -m websockets ws://127.0.0.1:8000/hall/2",
        status=101,
        began=5.0,
        frames=(
            FrameView(milliseconds=0.4, sender="app", kind="text", text="[hello]"),
            FrameView(milliseconds=0.5, sender="app", kind="binary", text="b'\\x00'"),
            FrameView(milliseconds=1300.5, sender="app", kind="ping"),
            FrameView(milliseconds=1301.0, sender="app", kind="lost"),
        ),
        omitted=12,
    ),
    expected="1000, normal closure",
    got="1006, no close frame",
)


def check(name: str, verdict: Verdict, card: Card | None = None) -> CheckResult:
    """Make the result of a check."""
    return CheckResult(id=name, title=f"The check {name}.", verdict=verdict, card=card)


def task(name: str, verdict: Verdict, card: Card | None = None, points: int = 1) -> TaskResult:
    """Make the result of a task with one check."""
    waits = ("create",) if verdict is Verdict.BLOCKED else ()
    return TaskResult(
        id=name,
        title=f"{name.capitalize()} a book",
        verdict=verdict,
        points=points,
        checks=(check(name, verdict, card),),
        blocked_by=waits,
    )


def report(verdict: Verdict, *tasks: TaskResult, card: Card | None = None) -> TopicReport:
    """Make a report."""
    return TopicReport(
        topic="5.1.2",
        title="Path Operations Basics",
        verdict=verdict,
        tasks=tasks,
        card=card,
        seed=42,
        seconds=0.083,
    )


REPORTS = {
    "passed": report(
        Verdict.PASSED, task("list", Verdict.PASSED), task("create", Verdict.PASSED, points=2)
    ),
    "failed": report(
        Verdict.FAILED,
        task("list", Verdict.PASSED),
        task("create", Verdict.FAILED, STATUS, 2),
        task("remove", Verdict.BLOCKED),
        task("replace", Verdict.TIMEOUT, STATUS),
    ),
    "broken": report(
        Verdict.BROKEN,
        task("list", Verdict.BROKEN),
        task("create", Verdict.BROKEN),
        card=SYNTAX,
    ),
    "talk": report(Verdict.FAILED, task("talk", Verdict.FAILED, TALK)),
    "markup": report(Verdict.FAILED, task("list", Verdict.FAILED, MARKUP)),
}
