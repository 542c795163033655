"""A real host, driven through its protocol."""

import itertools
import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from checker.sandbox import HostProcess, start_host

Event = dict[str, Any]


class Conversation:
    """One connection: the order, the host's lines, questions and requests."""

    def __init__(self, host: HostProcess, order: Mapping[str, object]) -> None:
        self.connection = host.connect()
        token = {"token": host.token} if host.token else {}
        self._send({**token, **order})
        self._lines = self.connection.makefile("rb")
        self._ids = itertools.count(1)
        self._requests = itertools.count(1)
        self.log: Path | None = None
        self.address: Event = {}

    def _send(self, message: Mapping[str, object]) -> None:
        self.connection.sendall(json.dumps(message).encode() + b"\n")

    def line(self) -> Event:
        """Read one line; an empty dictionary at the end."""
        line = self._lines.readline()
        event: Event = json.loads(line) if line else {}
        return event

    def events(self) -> list[Event]:
        """Read up to the event that decides: ready, the exit or the answer."""
        found = []
        while event := self.line():
            found.append(event)
            if event.get("phase") == "import":
                self.log = Path(event["log"])
            if event["event"] in ("ready", "exit", "done", "error"):
                break
        return found

    def ready(self) -> Self:
        """Read up to ready."""
        events = self.events()
        assert events[-1]["event"] == "ready", events
        self.address = events[-1]["address"]
        return self

    def problem(self) -> Event:
        """Read the problem of a launch that must not come up."""
        events = self.events()
        broken = [event for event in events if event["event"] == "broken"]
        assert broken, events
        assert events[-1]["event"] == "exit"
        problem: Event = broken[0]["problem"]
        return problem

    def ask(self, op: str, **question: object) -> Event:
        """Ask and read the answer."""
        number = next(self._ids)
        self._send({"op": op, "id": number, **question})
        answer = self.line()
        assert answer.pop("reply") == number
        return answer

    def client(self) -> httpx.Client:
        """Make a client of the running app."""
        if "uds" in self.address:
            transport = httpx.HTTPTransport(uds=self.address["uds"])
            return httpx.Client(transport=transport, base_url="http://lab", timeout=5)
        place = f"http://{self.address['host']}:{self.address['port']}"
        return httpx.Client(base_url=place, timeout=5, trust_env=False)

    def request(self, method: str, path: str, **options: Any) -> tuple[httpx.Response, Event]:  # noqa: ANN401
        """Send a numbered request; give the answer and what the app did with it."""
        number = str(next(self._requests))
        with self.client() as client:
            headers = {"x-checker-request": number}
            response = client.request(method, path, headers=headers, **options)
        facts: Event = self.ask("request", request=number)["value"]
        return response, facts

    def close(self) -> None:
        """End the launch."""
        self._lines.close()
        self.connection.close()


class Driver:
    """Makes labs and orders against one host."""

    def __init__(self, host: HostProcess, folder: Path) -> None:
        self.host = host
        self.folder = folder
        self._open: list[Conversation] = []

    def lab(self, files: Mapping[str, str | bytes] | str) -> Path:
        """Write a lab; a string alone is its app.py."""
        folder = Path(tempfile.mkdtemp(prefix="lab-", dir=self.folder))
        for name, text in ({"app.py": files} if isinstance(files, str) else files).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    def order(self, **order: object) -> Conversation:
        """Open a connection with an order."""
        conversation = Conversation(self.host, order)
        self._open.append(conversation)
        return conversation

    def preload(self, *modules: str) -> None:
        """Let the host import modules."""
        assert self.order(op="preload", modules=modules).line() == {"event": "done"}

    def launch(self, files: Mapping[str, str | bytes] | str, **order: object) -> Conversation:
        """Order a launch of a fresh lab."""
        return self.order(op="launch", folder=str(self.lab(files)), **order)

    def run(self, files: Mapping[str, str], *command: str, **order: object) -> Event:
        """Run a command in a fresh lab."""
        folder = str(self.lab(files))
        return self.order(op="run", folder=folder, command=command, **order).line()

    def close(self) -> None:
        """Close every connection."""
        for conversation in self._open:
            conversation.close()


@pytest.fixture(scope="session")
def host() -> Iterator[HostProcess]:
    """One host for the tests that only talk to it."""
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        start_host(Path(folder) / "run") as process,
    ):
        yield process


@pytest.fixture
def driver(host: HostProcess) -> Iterator[Driver]:
    """Drive the shared host; launches end with the test."""
    driver = Driver(host, host.run_dir)
    yield driver
    driver.close()


def alive(pid: int) -> bool:
    """Tell whether a process still runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int, seconds: float = 3.0) -> bool:
    """Wait until a process has ended; False when it still runs after that time."""
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.005)
    return not alive(pid)


def read_pid(path: Path, seconds: float = 3.0) -> int:
    """Wait for a file that holds a process id."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text()).endswith("\n"):
            return int(text)
        time.sleep(0.005)
    raise AssertionError(f"{path} did not appear")
