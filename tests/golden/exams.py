"""What learners write when they are asked for tests."""

from dataclasses import dataclass, field
from pathlib import Path

MARK = "# region write_tests: Tests that notice a desk that is broken.\n"
GOOD = """
def test_create() -> None:
    response = client.post("/books", params={"title": "Emma"})
    assert response.status_code == 201
    assert response.json()["title"] == "Emma"


def test_unknown() -> None:
    assert client.get("/books/99").status_code == 404
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A learner's tests: `body` in the region, `top` at the head of the file, further `files`."""

    name: str
    body: str = GOOD
    top: str = ""
    files: dict[str, str] = field(default_factory=dict)
    timeout: bool = False

    def tree(self, lab: Path) -> dict[str, str]:
        """Give the lab's files with the answer in them."""
        tree = {
            path.relative_to(lab).as_posix(): path.read_text("utf-8") for path in lab.rglob("*.py")
        }
        text = tree["tests/test_desk.py"]
        assert MARK in text
        tree["tests/test_desk.py"] = self.top + text.replace(MARK, MARK + self.body)
        return tree | self.files


NAMELESS = """
import pytest
from fastapi.testclient import TestClient

from library import app


# region make_desk: A client that says who it is.
@pytest.fixture
def desk() -> TestClient:
    return TestClient(app)


# endregion
"""
OWN_APP = NAMELESS.replace("from library import app", "from fastapi import FastAPI").replace(
    "TestClient(app)", "TestClient(FastAPI())"
)

REFUSED = GOOD.replace("params=", "data=", 1)
CHAIN = """
def test_unknown() -> None:
    assert 100 < len(client.get("/books/99").text) <= 900
"""
ALL_REFUSED = """
def test_books() -> None:
    codes = [client.post("/books", json={"title": one}).status_code for one in ("Ulysses", "Emma")]
    assert codes == [201, 201]
"""
LISTED = """
async def number() -> int:
    return 404


@pytest.mark.anyio
async def test_unknown() -> None:
    assert await asyncio.gather([number(), number()]) == [404, 404]
"""
AWAITED = """
@pytest.mark.anyio
async def test_unknown() -> None:
    response = await client.get("/books/99")
    assert response.status_code == 404
"""
ROWS = """
@pytest.mark.parametrize("number", [0, 99], ids=["none", "unknown", "gone"])
def test_unknown(number) -> None:
    assert client.get(f"/books/{number}").status_code == 404
"""
FORM_TOP = """
from fastapi import FastAPI
from pydantic import BaseModel


class Book(BaseModel):
    title: str


desk = FastAPI()


@desk.post("/books")
def create_book(book: Book) -> Book:
    return book


"""
FORM = """
def test_form() -> None:
    response = TestClient(desk).post("/books", data={"title": "Emma"})
    assert response.json()["title"] == "Emma"
"""
UNNOTICED = """
def test_create() -> None:
    response = client.post("/books", params={"title": "Emma"})
    assert response.status_code in (200, 201)


def test_unknown() -> None:
    assert client.get("/books/99").status_code == 404
"""
IDLE = """
def test_create() -> None:
    client.post("/books", params={"title": "Emma"}).status_code == 201


def test_unknown() -> bool:
    return client.get("/books/0").status_code == 404
"""
WRONG_STATUS = GOOD.replace("== 201", "== 200")
WRONG_BODY = GOOD.replace('["title"] == "Emma"', ' == {"title": "Emma", "number": 7}')
TWICE = """
@pytest.mark.parametrize("number, status", [(0, 404), (99, 404), (0, 404)])
def test_unknown(number, status) -> None:
    assert client.get(f"/books/{number}").status_code == status
"""
SHARED = """
def test_create() -> None:
    assert client.post("/books", params={"title": "Emma"}).status_code == 201


def test_read() -> None:
    assert client.get("/books/1").status_code == 200


def test_read_again() -> None:
    assert client.get("/books/1").status_code == 200
"""
BETWEEN = """
def test_create() -> None:
    assert client.post("/books", params={"title": "Emma"}).status_code == 201


def test_read() -> None:
    assert client.get("/books/1").status_code == 200


def test_clear() -> None:
    TITLES.clear()
    assert client.get("/books/1").status_code == 404
"""
NOT_FALSE = GOOD.replace('response.json()["title"] == "Emma"', '"author" in response.json()')
FLOATS = """
def test_fines() -> None:
    assert 0.1 + 0.2 == 0.3
"""
RAISES = GOOD.replace('response.json()["title"]', 'response.jason()["title"]')
ORDER = """
def test_first() -> None:
    TITLES.clear()
    assert client.post("/books", params={"title": "Emma"}).json()["number"] == 1


def test_second() -> None:
    assert client.post("/books", params={"title": "Emma"}).json()["number"] == 2
"""
LEAK = """
def test_create() -> None:
    assert client.post("/books", params={"title": "Emma"}).status_code == 201


def test_unknown() -> None:
    assert client.get("/books/1").status_code == 404
"""
THREE = """
SEEN = []


def test_a() -> None:
    SEEN.append("a")


def test_b() -> None:
    SEEN.append("b")


def test_c() -> None:
    assert len(SEEN) < 2


def test_d() -> None:
    assert len(SEEN) < 2
"""
MIDDLE = """
def test_one() -> None:
    client.post("/books", params={"title": "Emma"})
    assert client.get("/books/1").status_code == 200


def test_none() -> None:
    assert client.get("/books/1").status_code == 404


def test_two() -> None:
    client.post("/books", params={"title": "Emma"})
    assert client.get("/books/1").status_code == 200
"""
BREAKS = """
def test_read(monkeypatch) -> None:
    monkeypatch.setattr("library.TITLES", None)
    assert client.get("/books/1").status_code == 500
"""
HELPED = """
def test_read(number) -> None:
    assert client.get(f"/books/{number}").status_code == 404
"""
HELPER = """
import pytest
from fastapi.testclient import TestClient
from library import app


@pytest.fixture
def number():
    return TestClient(app).get("/books/99").json()["number"]
"""
SAYS = """
def test_read() -> None:
    for number in (0, 99):
        response = client.get(f"/books/{number}")
        assert response.status_code == 200, f"GET /books/{number}"
"""
WARNS = """
def test_read() -> None:
    assert client.get("/books/99", cookies={"reader": "Ada"}).status_code == 404
"""
SHUT = """
def test_talk() -> None:
    with client.websocket_connect("/desk") as websocket:
        websocket.receive_json()
"""
UNREAD = """
def test_read() -> None:
    with client.stream("GET", "/books/99") as response:
        assert response.json() == {"detail": "Not Found"}
"""
READ_TWICE = """
def test_read() -> None:
    with client.stream("GET", "/books/99") as response:
        assert [list(response.iter_lines()) for _ in range(2)] == [[], []]
"""
STATE = """
def test_state() -> None:
    assert client.app.state.titles == []
"""
SUBTESTS = """
def test_desk(subtests) -> None:
    for number in (0, 99):
        with subtests.test("unknown", number=number):
            assert client.get(f"/books/{number}").status_code == 404 + number
"""
FIXTURE = """
def test_create(cleint) -> None:
    assert cleint.post("/books", params={"title": "Emma"}).status_code == 201
"""
CONFTEST = """
import pytest
from library import app
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    return TestClient(app)
"""
ASYNC = """
async def test_create() -> None:
    assert client.post("/books", params={"title": "Emma"}).status_code == 201
"""
AWAITLESS = """
async def number() -> int:
    return 404


@pytest.mark.anyio
async def test_unknown() -> None:
    assert client.get("/books/99").status_code == number()


def test_create() -> None:
    assert client.post("/books", params={"title": "Emma"}).status_code == 201
"""
GATHERED = """
async def number() -> int:
    return 404


@pytest.mark.anyio
async def test_unknown() -> None:
    assert await asyncio.gather(await number(), number()) == [404, 404]
"""
NEVER_AWAITED = """
async def clear() -> None:
    pass


@pytest.mark.anyio
async def test_create() -> None:
    clear()
    assert client.post("/books", params={"title": "Emma"}).status_code == 201
"""
ASYNC_FIXTURE = """
@pytest.fixture
async def title() -> str:
    return "Emma"


def test_create(title) -> None:
    assert client.post("/books", params={"title": title}).status_code == 201
"""
SCOPES = """
@pytest.fixture
def title() -> str:
    return "Emma"


@pytest.fixture(scope="module")
def book(title) -> str:
    return title


def test_create(book) -> None:
    assert client.post("/books", params={"title": book}).status_code == 201
"""
OTHER_LOOP = """
LOOP = asyncio.new_event_loop()


@pytest.mark.anyio
async def test_create() -> None:
    done = LOOP.create_future()
    LOOP.call_soon(done.set_result, 201)
    LOOP.close()
    assert await done == 201
"""
OUT = """
def test_create() -> None:
    assert httpx2.post("https://example.com/books").status_code == 201
"""
MOCKED = """
@pytest.mark.anyio
async def test_create() -> None:
    desk = Mock()
    assert await desk.create("Emma") == 201
"""
SPECIFIED = """
def test_create() -> None:
    titles = create_autospec(list, instance=True)
    titles.append("Emma")
    titles.append.assert_called_once_wiht("Emma")
"""
CALLED = """
def test_create() -> None:
    titles = create_autospec(list, instance=True)
    titles.append("Emma")
    titles.append.assert_called_once_with("Walden")
"""
UNSET = """
def test_create(monkeypatch) -> None:
    monkeypatch.delenv("NO_SUCH_TITLE")
"""
DID_NOT_RAISE = """
def test_unknown() -> None:
    with pytest.raises(ValueError):
        client.get("/books/99")
"""
WRITTEN = (
    GOOD
    + """

def test_name() -> None:
    assert app.routes[-2].name == "create_book"
"""
)
NO_NAME = GOOD.replace("def test_", "def check_")
NO_CLASS = """
class DeskTests:
    def test_unknown(self) -> None:
        assert client.get("/books/99").status_code == 404
"""
INIT = NO_CLASS.replace("DeskTests", "TestDesk").replace(
    "    def test_unknown",
    "    def __init__(self) -> None:\n        pass\n\n    def test_unknown",
)
INSIDE = """
def outer() -> None:
    def test_unknown() -> None:
        assert client.get("/books/99").status_code == 404
"""
BARE = """
assert client.get("/books/99").status_code == 404
"""
SKIPPED = """
@pytest.mark.skip(reason="later")
def test_unknown() -> None:
    assert client.get("/books/99").status_code == 404
"""
SLEEP = (
    GOOD
    + """

def test_slow() -> None:
    time.sleep(1)
"""
)
NETWORK = (
    GOOD
    + """

def test_far() -> None:
    with suppress(OSError):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
"""
)
ENDLESS = (
    GOOD
    + """

def test_endless() -> None:
    while True:
        pass
"""
)
THREAD = """
def test_create() -> None:
    Thread(target=Event().wait).start()
    assert client.post("/books", params={"title": "Emma"}).status_code == 201
"""
EXIT = (
    GOOD
    + """

def test_exit() -> None:
    os._exit(0)
"""
)

EXAMS = (
    Answer("unnoticed", UNNOTICED),
    Answer("unnoticed_without_assert", IDLE),
    Answer("fails_on_a_status", WRONG_STATUS),
    Answer("fails_in_a_chain", CHAIN),
    Answer("fails_as_gather_gets_a_list", LISTED, "import asyncio\nimport pytest\n"),
    Answer("fails_as_the_client_is_not_async", AWAITED, "import pytest\n"),
    Answer("rows_and_ids_differ", ROWS, "import pytest\n"),
    Answer("fails_on_a_body", WRONG_BODY),
    Answer("fails_as_the_app_refuses", REFUSED),
    Answer("fails_as_the_app_refuses_all", ALL_REFUSED),
    Answer("fails_as_a_form_is_sent", FORM, FORM_TOP),
    Answer("fails_on_a_membership", NOT_FALSE),
    Answer("fails_by_the_last_digits", FLOATS),
    Answer("fails_by_an_exception", RAISES),
    Answer("fails_as_the_app_raises", BREAKS),
    Answer(
        "fails_as_a_warning_is_an_error",
        WARNS,
        files={"pyproject.toml": '[tool.pytest]\nfilterwarnings = ["error"]\n'},
    ),
    Answer("fails_in_a_fixture", HELPED, files={"tests/conftest.py": HELPER}),
    Answer("fails_with_a_message", SAYS),
    Answer("fails_as_the_app_has_not_started", STATE),
    Answer("fails_as_a_websocket_is_refused", SHUT),
    Answer("fails_as_a_stream_is_not_read", UNREAD),
    Answer("fails_as_a_stream_is_read_twice", READ_TWICE),
    Answer("fails_in_a_subtest", SUBTESTS),
    Answer("fails_as_nothing_was_raised", DID_NOT_RAISE, "import pytest\n"),
    Answer("fails_as_it_is_async", ASYNC),
    Answer("fails_as_await_is_missing", AWAITLESS, "import pytest\n"),
    Answer(
        "fails_as_nobody_awaits",
        NEVER_AWAITED,
        "import pytest\n",
        files={"pyproject.toml": '[tool.pytest]\nfilterwarnings = ["error"]\n'},
    ),
    Answer(
        "fails_as_gather_takes_no_values",
        GATHERED,
        "import asyncio\nimport pytest\n",
        files={"pyproject.toml": '[tool.pytest]\nfilterwarnings = ["error"]\n'},
    ),
    Answer(
        "fails_and_leaves_coroutines",
        GATHERED.replace("await number(), number()", "[number(), number()]"),
        "import asyncio\nimport pytest\n",
        files={"pyproject.toml": '[tool.pytest]\nfilterwarnings = ["error"]\n'},
    ),
    Answer("fails_as_nobody_runs_a_fixture", ASYNC_FIXTURE, "import pytest\n"),
    Answer("fails_as_scopes_differ", SCOPES, "import pytest\n"),
    Answer("fails_in_another_loop", OTHER_LOOP, "import asyncio\nimport pytest\n"),
    Answer(
        "fails_as_a_mock_is_awaited",
        MOCKED,
        "import pytest\nfrom unittest.mock import Mock\n",
    ),
    Answer("fails_by_a_spec", SPECIFIED, "from unittest.mock import create_autospec\n"),
    Answer("fails_by_another_call", CALLED, "from unittest.mock import create_autospec\n"),
    Answer("fails_as_a_variable_is_not_set", UNSET),
    Answer("fails_as_it_needs_the_network", OUT, "import httpx2\n"),
    Answer("fails_on_the_app_written_differently", WRITTEN),
    Answer("order_needed", ORDER, "from library import TITLES\n"),
    Answer("order_hurts", LEAK),
    Answer("order_of_three", THREE),
    Answer("order_needed_but_not_met", SHARED),
    Answer("order_of_the_file_needed", BETWEEN, "from library import TITLES\n"),
    Answer("order_hurts_both_ways", MIDDLE),
    Answer("unnoticed_by_given_tests", files={"tests/conftest.py": OWN_APP}),
    Answer("probe_fails", files={"tests/conftest.py": NAMELESS}),
    Answer("no_test_yet", ""),
    Answer("no_test_by_its_name", NO_NAME),
    Answer("no_test_by_its_class", NO_CLASS),
    Answer("no_test_by_an_init", INIT),
    Answer("no_test_inside_a_function", INSIDE),
    Answer("no_test_outside_a_function", BARE),
    Answer(
        "no_test_of_a_row_that_stands_twice",
        TWICE,
        "import pytest\n",
        files={"pyproject.toml": "[tool.pytest]\nstrict = true\n"},
    ),
    Answer("no_test_but_skipped", SKIPPED, "import pytest\n"),
    Answer("fixture_missing", FIXTURE),
    Answer("fixture_misspelt", FIXTURE, files={"conftest.py": CONFTEST}),
    Answer("syntax_error", GOOD.replace("() -> None:", "() -> None", 1)),
    Answer("import_error", top="from libary import app\n"),
    Answer("conftest_broken", files={"conftest.py": "import pytset\n"}),
    Answer("settings_unreadable", files={"pyproject.toml": "[tool.pytest]\nstrict = True\n"}),
    Answer("settings_broken", files={"pytest.ini": "[pytest]\naddopts = --fast\n"}),
    Answer("sleeps", SLEEP, "import time\n"),
    Answer("reaches_out", NETWORK, "import socket\nfrom contextlib import suppress\n"),
    Answer("endless", ENDLESS, timeout=True),
    Answer("leaves_a_thread", THREAD, "from threading import Event, Thread\n", timeout=True),
    Answer("exits", EXIT, "import os\n"),
)
