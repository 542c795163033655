"""Tell why a test fails by the way in which it is run: event loops, fixtures, mocks."""

from collections.abc import Container

from checker.host.facts import TestFailure
from checker.judge.diagnosis.exceptions import Meaning, meaning_in

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
)


_HANDED_OVER = Meaning(
    ("TypeError",),
    r"object (\w+) can't be used in 'await' expression",
    "The app awaits a function that the test has put there, and gets a finished value.",
    "Write that function with `async def`.",
)


def why_run(failure: TestFailure, tests: Container[str]) -> tuple[str, str] | None:
    """Give the sentence on such a failure and the step that mends it; None if it is another.

    Args:
        failure: of a test.
        tests: the files of tests.
    """
    sides = failure.get("left", ""), failure.get("right", "")
    if any(side.startswith("<coroutine object ") for side in sides):
        why = "There is a coroutine on one side: its function was called without `await`."
        return why, _STEP_AWAIT
    raised = failure["raised"]
    of_app = raised["frames"] and raised["frames"][-1]["file"] not in tests
    return meaning_in((*_MEANINGS, _HANDED_OVER) if of_app else _MEANINGS, raised)
