"""The learner's app behind a real uvicorn, with the instruments around it."""

import asyncio
import gc
import socket
import sys
import traceback

from uvicorn import Config, Server

from .facts import Problem, Raised
from .hangs import HangWatcher
from .instruments import Instruments
from .loading import LoadError, load_app
from .orders import Order
from .problems import explain
from .questions import Questions
from .recorder import Recorder
from .sources import Sources
from .stalls import StallWatcher
from .wire import Wire

# uvicorn's own loggers and lines, less the colours: its formatters take 0.2 ms a request.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s:     %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "stdout": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "stream": "ext://sys.stdout",
        },
    },
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"level": "INFO"},
        "uvicorn.access": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
    },
}


class ObservedServer(Server):
    """A uvicorn server that tells the judge how its start went and stops without delay."""

    def __init__(
        self, config: Config, recorder: Recorder, order: Order, wire: Wire, hangs: HangWatcher
    ) -> None:
        super().__init__(config)
        self._hangs = hangs
        self._recorder = recorder
        self._order = order
        self._wire = wire
        self._watcher = StallWatcher(recorder.instruments)
        self._leave = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Run the lifespan's start, listen, and say so."""
        loop = asyncio.get_running_loop()
        instruments = self._recorder.instruments
        instruments.watch_loop(loop)
        self._watcher.start(loop)
        self._hangs.loop = loop
        self._wire.send({"event": "phase", "phase": "startup"})
        try:
            await super().startup(sockets=sockets)
        except SystemExit:
            self._wire.send({"event": "broken", "problem": self._lifespan_problem()})
            raise
        self._hangs.stop()
        self._wire.send({"event": "ready", "address": self._address()})
        questions = Questions(instruments, self._watcher.current, lambda: self._stop(loop))
        questions.serve(self._wire, loop)

    async def main_loop(self) -> None:
        """Tick as uvicorn does, but notice a stop without waiting for the tick."""
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % 864000
            try:
                await asyncio.wait_for(self._leave.wait(), 0.1)
            except TimeoutError:
                continue

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        self.should_exit = True
        loop.call_soon_threadsafe(self._leave.set)

    def _address(self) -> dict[str, object]:
        if self._order.transport == "uds":
            return {"uds": str(self._order.socket)}
        host, port, *_ = self.servers[0].sockets[0].getsockname()
        return {"host": host, "port": port}

    def _lifespan_problem(self) -> Problem:
        error = self._recorder.lifespan_error
        if error is not None:
            return explain(error, self._recorder.instruments.sources, kind="lifespan")
        message = "the app answered lifespan.startup.failed"
        raised: Raised = {"type": "LifespanFailed", "message": message, "frames": []}
        return {"kind": "lifespan", "message": message, "raised": raised}


def serve(order: Order, wire: Wire) -> int:
    """Load the order's entry point and serve it until a stop; give the exit code."""
    from starlette.applications import Starlette

    instruments = Instruments(Sources(order.folder))
    instruments.watch_threads()
    instruments.watch_sql()
    wire.send({"event": "phase", "phase": "import", "log": str(order.log)})
    hangs = HangWatcher(instruments.sources, wire)
    hangs.start()
    gc.disable()  # modules that load leave nothing to collect; looking for it takes a millisecond
    try:
        app = load_app(order.entry, instruments.sources)
    except LoadError as error:
        report_load_error(error, wire)
        return 1
    finally:
        gc.enable()
    instruments.app = app
    instruments.watch_sql()
    recorder = Recorder(app, instruments)
    config = Config(
        recorder,
        port=order.port,
        uds=str(order.socket) if order.transport == "uds" else None,
        lifespan="on" if isinstance(app, Starlette) else "auto",
        log_config=LOGGING,
        timeout_graceful_shutdown=order.graceful,
    )
    order.socket.parent.mkdir(parents=True, exist_ok=True)
    ObservedServer(config, recorder, order, wire, hangs).run()
    return 0


def report_load_error(error: LoadError, wire: Wire) -> None:
    """Put the traceback, if there is one, into the log and then tell the judge the problem."""
    if error.__cause__ is not None:
        traceback.print_exception(error.__cause__)
    else:
        sys.stderr.write(f"{error}\n")
    wire.send({"event": "broken", "problem": error.problem})
