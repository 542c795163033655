"""Bring the interpreter to the state in which launches are forked."""

import contextlib
import gc
import importlib
import threading
from collections.abc import Iterable

ENDING_SECONDS = 2.0

# What the first launch and its first requests would otherwise import, each where it is installed.
_LATER = (
    "anyio._backends._asyncio",
    "concurrent.futures.thread",
    "fastapi.telemetry._runtime",
    "resource",
    "uvicorn.loops.auto",
    "uvicorn.loops.uvloop",
    "uvloop",
)


def warm_up() -> None:
    """Import what every lab needs, build and call one throwaway app, and freeze what is there.

    No thread may be left, because the process forks.
    """
    gc.disable()
    _call_app()
    for name in ("serving", "programs", "surroundings"):
        importlib.import_module(f".{name}", __package__)
    for name in _LATER:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    freeze()
    gc.enable()


def freeze() -> None:
    """Move all objects out of the garbage collector's sight, so that a fork shares their pages.

    Nothing is collected before: that takes a tenth of a second and would free next to nothing.
    Threads that have been told to end, as anyio's workers are when their loop is over, may need a
    moment.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(ENDING_SECONDS)
    if threading.active_count() != 1:
        raise RuntimeError(f"threads are running: {threading.enumerate()}")
    gc.freeze()


def preload(modules: Iterable[str]) -> None:
    """Import modules that a lab names, once; one of ours may have a `warm_up` of its own."""
    for name in modules:
        module = importlib.import_module(name)
        if name.startswith(f"{__package__}."):
            module.warm_up()
    freeze()


def practise() -> None:
    """Build and call the app that a launch rehearses once more, without a server or a thread.

    Python runs faster what it has run often (PEP 659), and a fork inherits that.
    """
    from .rehearsal import APP

    module: dict[str, object] = {"__name__": "rehearsal"}
    exec(compile(APP, "<rehearsal>", "exec"), module)
    _call(
        module["app"],
        ("GET", "/books/1", b"", 200),
        ("GET", "/books/7", b"", 404),
        ("GET", "/books/x", b"", 422),
        ("POST", "/books", b'{"title": "The Trial"}', 201),
    )


def _call_app() -> None:
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Book(BaseModel):
        title: str = "A Book"

    app = FastAPI()

    @app.post("/books/{number}")
    async def create_book(number: int, book: Book) -> Book:
        return book.model_copy(update={"title": f"{book.title} {number}"})

    _call(app, ("POST", "/books/1", b'{"title": "The Trial"}', 200))


def _call(app: object, *requests: tuple[str, str, bytes, int]) -> None:
    """Send requests to an app: method, path, body and the status that must come."""
    import asyncio

    from uvicorn import Config

    async def call() -> None:
        for request in requests:
            await _request(app, *request)

    Config(app, log_config=None).load()  # type: ignore[arg-type]
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(call())


async def _request(app: object, method: str, path: str, body: bytes, status: int) -> None:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "state": {},
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message.get("status", status) != status:
            raise RuntimeError(f"{method} {path} was answered {message['status']}")

    await app(scope, receive, send)  # type: ignore[operator]
