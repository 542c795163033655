"""What happens in a launched process; also its main program where there is no fork."""

import asyncio
import atexit
import contextlib
import os
import sys
import threading
from typing import NoReturn

from .bridge import open_doors
from .commands import exit_code_of, is_python, mirror, print_error, run_python, start_program
from .orders import Order, read_order
from .surroundings import detach, settle
from .wire import Wire


def run_order(order: Order, wire: Wire) -> NoReturn:
    """Carry out a launch, a run or a trial in this detached process and end with its exit code."""
    code = 1
    try:
        settle(order)
        code = _carry_out(order, wire)
    except (SystemExit, KeyboardInterrupt) as error:
        code = exit_code_of(error)
    except BaseException as error:  # noqa: BLE001  # the process ends here in any case
        print_error(error)
    finally:
        _finish(code)
    raise AssertionError


def _carry_out(order: Order, wire: Wire) -> int:
    if order.op == "run":
        return _run(order)
    if order.op == "doors":
        asyncio.run(open_doors(order.doors, lambda: wire.send({"event": "ready"})))
    if order.trial is not None:
        from .tests import run_tests

        return run_tests(order, order.trial, wire)
    if order.command:
        from .programs import serve_program

        return serve_program(order, wire)
    from .serving import serve

    return serve(order, wire)


def _run(order: Order) -> int:
    if is_python(order.command):
        run_python(order.command)
        return 0
    try:
        return mirror(start_program(order.command))
    except OSError as error:
        sys.stderr.write(f"{order.command[0]}: {error.strerror}\n")
        return 127


def _finish(code: int) -> NoReturn:
    """End as the interpreter does, but without the frames of the zygote below."""
    with contextlib.suppress(BaseException):
        _join_threads()
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code & 0xFF)


def _join_threads() -> None:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def main() -> NoReturn:
    """Carry out the order on standard input; events go to what was standard output."""
    reader = open(os.dup(0), "rb", buffering=0)  # noqa: SIM115, PTH123  # lives as long as the process
    writer = open(os.dup(1), "wb", buffering=0)  # noqa: SIM115, PTH123
    line = bytearray()
    while not line.endswith(b"\n"):
        data = reader.read(1)
        if not data:
            sys.exit(0)
        line += data
    order = read_order(bytes(line))
    detach()
    run_order(order, Wire.over_pipes(reader, writer))


if __name__ == "__main__":
    main()
