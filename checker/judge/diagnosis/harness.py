"""Tell why a test fails by the way in which it is run: event loops, fixtures, mocks, clients."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from checker.host.facts import Raised, TestFailure
from checker.judge.diagnosis.exceptions import Meaning, meaning_in

Reason = tuple[str, str]

_STEP_AWAIT = "Put `await` before the call."
_MEANINGS = (
    Meaning(
        ("Failed",),
        r"async def functions are not natively supported",
        "pytest cannot run an `async def` test by itself.",
        "Mark it with `@pytest.mark.anyio`, or write it with `def`.",
    ),
    Meaning(
        ("PytestUnraisableExceptionWarning",),
        r"coroutine object ([\w.]+)",
        "`{0}` was called without `await`, so it never ran; here that warning is an error.",
        _STEP_AWAIT,
    ),
    Meaning(
        ("Failed",),
        r"requested an async fixture '(\w+)'",
        "No plugin runs the async fixture `{0}` for this test.",
        (
            "Mark the test with `@pytest.mark.anyio`, or if it runs by pytest-asyncio, "
            "the fixture with `@pytest_asyncio.fixture`."
        ),
    ),
    Meaning(
        ("Failed",),
        r"ScopeMismatch: .*fixture _(\w+)_scoped_runner with an? (\w+) scoped",
        "The fixture lasts for a {1}, and its event loop for a {0} only.",
        'Name the loop beside the scope: `loop_scope="{1}"`.',
    ),
    Meaning(
        ("Failed",),
        r"ScopeMismatch: .*the (\w+) scoped fixture (\w+) with an? (\w+) scoped",
        "A fixture that lasts for a {2} asks for `{1}`, which lasts for a {0} only.",
        "Give both the same scope.",
    ),
    Meaning(
        ("RuntimeError",),
        r"attached to a different loop|bound to a different event loop",
        "What belongs to one event loop is awaited in another; each test has its own by default.",
        "Let the test and the fixture that made the object run in the same loop.",
    ),
    Meaning(
        ("TypeError",),
        r"object (?:NonCallable)?(?:Magic)?Mock can't be used in 'await' expression",
        "What the mock gives is awaited, and a plain mock gives a finished value.",
        "Take `AsyncMock`, or `create_autospec` of what the mock stands for.",
    ),
    Meaning(
        ("AttributeError",),
        r"Mock object has no attribute '(\w+)'",
        "What the mock stands for has no `{0}`, and the mock knows that by its spec.",
        "Correct the name.",
    ),
    Meaning(
        ("TypeError",),
        r"object Response can't be used in 'await' expression",
        "The client that is awaited here is no async one: it gives its response at once.",
        "Take an `httpx2.AsyncClient`; `TestClient` is for tests that are plain functions.",
    ),
    Meaning(
        ("TypeError",),
        r"An asyncio.Future, a coroutine or an awaitable is required",
        "`asyncio.gather` takes calls that are not awaited yet, and this is a finished value.",
        "Remove the `await` before the calls inside of `gather`.",
    ),
    Meaning(
        ("AttributeError", "TypeError"),
        r"'_GatheringFuture' object",
        "`asyncio.gather` gives its results when it is awaited.",
        "Put `await` before `asyncio.gather`.",
    ),
    Meaning(
        ("AttributeError",),
        r"'State' object has no attribute '(\w+)'",
        "The app has not been started: its lifespan, which sets `{0}`, runs inside `with` only.",
        "Run the test inside of `with TestClient(app) as client:`, or of the app's lifespan.",
    ),
    Meaning(
        ("WebSocketDisconnect",),
        r"",
        "The app refused the WebSocket or closed it, where the test connects or receives.",
        "If that is to be, put `pytest.raises(WebSocketDisconnect)` around; it has the `code`.",
    ),
    Meaning(
        ("ResponseNotRead",),
        r"",
        "In a `stream` block the body is not there yet.",
        "Take it piece by piece with `iter_lines()`, or fetch all of it with `read()` first.",
    ),
    Meaning(
        ("StreamConsumed",),
        r"",
        "A stream can be read once, and every `iter_lines()` begins to read it.",
        "Keep one iterator, `lines = response.iter_lines()`, and take all lines from it.",
    ),
)


_HANDED_OVER = Meaning(
    ("TypeError",),
    r"object (\w+) can't be used in 'await' expression",
    "The app awaits a function that the test has put there, and gets a finished value.",
    "Write that function with `async def`.",
)


def why_run(failure: TestFailure, tests: Mapping[str, str]) -> Reason | None:
    """Give the sentence on such a failure and the step that mends it; None if it is another.

    Args:
        failure: of a test.
        tests: the files of tests by their paths.
    """
    sides = failure.get("left", ""), failure.get("right", "")
    if any(side.startswith("<coroutine object ") for side in sides):
        why = "There is a coroutine on one side: its function was called without `await`."
        return why, _STEP_AWAIT
    raised = failure["raised"]
    of_app = raised["frames"] and raised["frames"][-1]["file"] not in tests
    known = meaning_in((*_MEANINGS, _HANDED_OVER) if of_app else _MEANINGS, raised)
    return known or _why_warned(raised) or _why_app_raised(raised, tests)


def _why_warned(raised: Raised) -> Reason | None:
    if not raised["type"].endswith("Warning"):
        return None
    why = "A warning is an error here, as `filterwarnings` in the settings of pytest says."
    return why, "Do what the warning says instead."


def _why_app_raised(raised: Raised, tests: Mapping[str, str]) -> Reason | None:
    """Tell an exception of the app, which `TestClient` lets through."""
    folders = [PurePosixPath(file).parent for file in tests]
    inside = [frame for frame in raised["frames"] if not _is_in(frame["file"], folders)]
    if not inside or not any("TestClient" in text for text in tests.values()):
        return None
    place = f"{inside[-1]['file']}:{inside[-1]['line']}"
    why = f"The app raised it, at {place}, and `TestClient` raises it again in the test."
    return why, (
        "Look at what the test does to the app. If the app is to fail here, "
        "`TestClient(app, raise_server_exceptions=False)` gives the 500 that a client gets."
    )


def _is_in(file: str, folders: Iterable[PurePosixPath]) -> bool:
    """Tell whether a file lies among the tests, as `conftest.py` does."""
    return any(PurePosixPath(file).is_relative_to(folder) for folder in folders)
