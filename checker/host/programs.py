"""A launch by a command: the learner's service started the way it is in production."""

import os
import signal
import sys
from collections.abc import Sequence

from .bridge import free_port, start_bridge
from .commands import exit_code_of, is_python, mirror, run_python, start_program
from .instruments import Instruments
from .orders import Order
from .problems import explain
from .questions import Questions
from .recorder import Recorder
from .sources import Sources
from .wire import Wire

_DEFAULT_PORT = 8000


def serve_program(order: Order, wire: Wire) -> int:
    """Run the order's command until it ends; give its exit code."""
    command, port = _with_port(order)
    instruments = Instruments(Sources(order.folder))
    instruments.watch_threads()
    instruments.watch_sql()
    wire.send({"event": "phase", "phase": "import", "log": str(order.log)})
    if is_python(command):
        return _serve_inside(command, port, order, instruments, wire)
    return _serve_outside(command, port, order, instruments, wire)


def _with_port(order: Order) -> tuple[list[str], int]:
    wanted = order.port_env or any("{port}" in word for word in order.command)
    port = (order.port or free_port()) if wanted else _DEFAULT_PORT
    if order.port_env:
        os.environ[order.port_env] = str(port)
    return [word.replace("{port}", str(port)) for word in order.command], port


def _serve_inside(
    command: Sequence[str], port: int, order: Order, instruments: Instruments, wire: Wire
) -> int:
    """Run a Python server in this interpreter, with the recorder around uvicorn's app."""
    recorders = _observe_uvicorn(instruments, wire)

    def stop() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    _announce(port, order, wire, Questions(instruments, lambda: list(instruments.stalls), stop))
    try:
        run_python(command)
    except Exception as error:  # noqa: BLE001  # whatever ends the learner's program
        wire.send({"event": "broken", "problem": explain(error, instruments.sources)})
        return exit_code_of(error)
    except (SystemExit, KeyboardInterrupt) as error:
        _tell_lifespan_error(recorders, wire)
        return exit_code_of(error)
    return 0


def _tell_lifespan_error(recorders: Sequence[Recorder], wire: Wire) -> None:
    for recorder in recorders:
        if recorder.lifespan_error is not None and not recorder.started:
            sources = recorder.instruments.sources
            problem = explain(recorder.lifespan_error, sources, kind="lifespan")
            wire.send({"event": "broken", "problem": problem})


def _serve_outside(
    command: Sequence[str], port: int, order: Order, instruments: Instruments, wire: Wire
) -> int:
    """Run any other server as a process of its own."""
    try:
        process = start_program(command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127
    questions = Questions(instruments, lambda: [], process.terminate)
    _announce(port, order, wire, questions)
    return mirror(process)


def _announce(port: int, order: Order, wire: Wire, questions: Questions) -> None:
    """Say ready once the port answers, then take questions."""
    path = order.socket if order.transport == "uds" else None

    def ready() -> None:
        place = {"uds": str(path)} if path else {"host": "127.0.0.1"}
        address: dict[str, object] = {**place, "port": port}
        wire.send({"event": "ready", "address": address})
        questions.serve(wire, None)

    start_bridge(path, port, ready)


def _observe_uvicorn(instruments: Instruments, wire: Wire) -> list[Recorder]:
    """Put a recorder around each app that uvicorn loads in this process, whoever starts it."""
    from uvicorn import Config

    load = Config.load
    recorders: list[Recorder] = []

    def observed_load(config: Config) -> None:
        load(config)
        instruments.app = config.loaded_app
        instruments.watch_sql()
        recorders.append(Recorder(config.loaded_app, instruments))
        config.loaded_app = recorders[-1]
        wire.send({"event": "phase", "phase": "startup"})

    Config.load = observed_load  # type: ignore[method-assign,assignment]
    return recorders
