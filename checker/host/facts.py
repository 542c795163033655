"""The data that crosses from host to judge: plain JSON, never trusted as verdicts."""

from typing import NotRequired, TypedDict


class Frame(TypedDict):
    """A line of the learner's own files; `file` is relative to the lab's folder.

    `is_async`, in the frames of a stall, tells whether the function is a coroutine's.
    """

    file: str
    line: int
    function: str
    source: str
    is_async: NotRequired[bool]


class Raised(TypedDict):
    """An exception as the learner's process saw it.

    `frames` holds the learner's frames only, innermost last; `errors` the entries of a pydantic or
    FastAPI validation error; `causes` the types and messages of the chain.
    """

    type: str
    message: str
    frames: list[Frame]
    errors: NotRequired[list[dict[str, object]]]
    causes: NotRequired[list[str]]
    request: NotRequired[str | None]


class RouteFacts(TypedDict):
    """A route: full path, methods (`WEBSOCKET` for a socket), where its function stands."""

    path: str
    methods: list[str]
    name: str
    location: Frame | None


class Closing(TypedDict):
    """How the app closed a WebSocket; before `accepted`, the client sees a 403 and not the code."""

    code: int
    reason: str
    accepted: bool


class RequestFacts(TypedDict):
    """What the app did with one request: the route, its function, the exception that escaped.

    `waiting` holds the learner's lines at which a request that is not finished stands, innermost
    last. Of a WebSocket, `accepted` tells whether the app opened it, `closing` how it closed it.
    """

    request: str
    method: str
    path: str
    route: str | None
    endpoint: str | None
    is_async: bool | None
    location: Frame | None
    raised: Raised | None
    finished: bool
    waiting: NotRequired[list[Frame]]
    accepted: NotRequired[bool]
    closing: NotRequired[Closing]


class Stall(TypedDict):
    """A time in which the event loop did not turn, in milliseconds.

    `frames` are the learner's frames that held it, innermost last;
    `inside` names the library call that blocked, as `time.sleep`.
    """

    milliseconds: float
    frames: list[Frame]
    inside: str
    request: str | None


class Problem(TypedDict):
    """Why a launch did not come up.

    `kind` is one of: syntax_error, encoding, empty_file, import_error, load_error, no_app,
    renamed_app, app_factory, lifespan. Which other keys are present depends on it:

    - syntax_error: file, line, column, source, message
    - encoding: file, message (NUL byte, UTF-16, a BOM in the middle, not UTF-8)
    - empty_file: file
    - import_error: raised, module (dotted name that is missing), name (missing in module),
      suggestions
    - load_error, lifespan: raised
    - no_app: file, names (top-level names found), missing_file (true when there is no such module)
    - renamed_app: file, names (names that hold a FastAPI app)
    - app_factory: file, names (functions that return an app)
    """

    kind: str
    message: str
    raised: NotRequired[Raised]
    file: NotRequired[str]
    line: NotRequired[int]
    column: NotRequired[int]
    source: NotRequired[str]
    module: NotRequired[str]
    name: NotRequired[str | None]
    names: NotRequired[list[str]]
    suggestions: NotRequired[list[str]]
    missing_file: NotRequired[bool]


class TestFacts(TypedDict):
    """A test that pytest found; `line` is the first of its function, decorators included."""

    id: str
    file: str
    line: int
    name: str


class Refused(TypedDict):
    """A request that FastAPI answered with 422, as `POST /books`, and the entries of `detail`."""

    request: str
    content_type: str
    errors: list[dict[str, object]]


class TestFailure(TypedDict):
    """Why a test failed: the exception, and the operands if it was a comparison, as text.

    `when` is setup, call or teardown. `fixture` is the name of a fixture that does not exist, and
    `names` those that do; `subtest` names the part of the test that failed. `refused` is the last
    request of the test, if it was.
    """

    when: str
    raised: Raised
    operator: NotRequired[str]
    left: NotRequired[str]
    right: NotRequired[str]
    fixture: NotRequired[str]
    names: NotRequired[list[str]]
    subtest: NotRequired[str]
    refused: NotRequired[Refused]
