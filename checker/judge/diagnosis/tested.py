"""Tell why an exception ended a test, where that has to do with how tests run."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from checker.host.facts import Raised
from checker.judge.diagnosis.exceptions import Meaning, meaning_in

Reason = tuple[str, str]

_MEANINGS = (
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


def why_raised(raised: Raised, tests: Mapping[str, str]) -> Reason | None:
    """Give the sentence on an exception that ended a test, and the step that mends it.

    Args:
        raised: the exception, with the frames of the tests and of the app.
        tests: the files of tests by their paths.
    """
    if reason := meaning_in(_MEANINGS, raised):
        return reason
    if raised["type"].endswith("Warning"):
        why = "A warning is an error here, as `filterwarnings` in the settings of pytest says."
        return why, "Do what the warning says instead."
    folders = [PurePosixPath(file).parent for file in tests]
    inside = [frame for frame in raised["frames"] if not _is_in(frame["file"], folders)]
    if inside and any("TestClient" in text for text in tests.values()):
        place = f"{inside[-1]['file']}:{inside[-1]['line']}"
        why = f"The app raised it, at {place}, and `TestClient` raises it again in the test."
        return why, (
            "Look at what the test does to the app. If the app is to fail here, "
            "`TestClient(app, raise_server_exceptions=False)` gives the 500 that a client gets."
        )
    return None


def _is_in(file: str, folders: Iterable[PurePosixPath]) -> bool:
    """Tell whether a file lies among the tests, as `conftest.py` does."""
    return any(PurePosixPath(file).is_relative_to(folder) for folder in folders)


def assertion_message(raised: Raised) -> str | None:
    """Give what an `assert` says by itself: the words behind its comma."""
    message, _, rest = raised["message"].partition("\nassert ")
    return " ".join(message.split()) if rest and not message.startswith("assert ") else None
