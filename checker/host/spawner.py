"""The host where there is no fork: one thread a connection, one fresh interpreter a launch."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import NoReturn

from .listening import Listener
from .orders import Order, OrderError, completed, parse_order
from .processes import end_strays, kill_tree
from .results import clean_up, done_line, exit_line
from .wire import Wire, encode


class Spawner:
    """Serve orders until standard input closes or SIGTERM comes, then end all that was started."""

    def __init__(self, listener: Listener, run_dir: Path, transport: str) -> None:
        self._listener = listener
        self._run_dir = run_dir
        self._transport = transport
        self._number = 0
        self._lock = threading.Lock()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def serve(self) -> None:
        """Accept connections in a thread and wait for the end of standard input in this one."""
        threading.Thread(target=self._accept_all, daemon=True).start()
        signal.signal(signal.SIGTERM, self._end_all)
        while os.read(0, 4096):
            pass
        self._end_all()

    def _end_all(self, *_: object) -> NoReturn:
        with self._lock:
            for pid in list(self._processes):
                kill_tree(pid)
            end_strays(())
            os._exit(0)

    def _accept_all(self) -> None:
        while True:
            connection, _ = self._listener.socket.accept()
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        wire = Wire.over_socket(connection)
        try:
            message = wire.receive()
            if message is not None:
                self._carry_out(message, wire)
        except Exception as error:  # noqa: BLE001  # an order must never end the host
            wire.send({"event": "error", "message": f"{error}"})
        finally:
            connection.close()

    def _carry_out(self, message: dict[str, object], wire: Wire) -> None:
        if not self._listener.admits(message):
            raise OrderError("the token is wrong")
        order = parse_order(
            message, number=self._next(), run_dir=self._run_dir, transport=self._transport
        )
        if order.op == "preload":
            wire.send({"event": "done"})
            return
        process = self._start(order, message)
        if order.op in ("run", "test"):
            relay = threading.Thread(target=self._relay, args=(process, wire), daemon=True)
            relay.start()
            timed_out = self._wait(process, order.timeout, wire)
            code = self._end(process)
            relay.join()
            wire.send(done_line(order, code, timed_out=timed_out))
        else:
            threading.Thread(target=self._follow, args=(wire, process), daemon=True).start()
            self._relay(process, wire)
            wire.send(exit_line(self._end(process)))
        clean_up(order)

    def _next(self) -> int:
        with self._lock:
            self._number += 1
            return self._number

    def _start(self, order: Order, message: dict[str, object]) -> "subprocess.Popen[bytes]":
        """Start a fresh interpreter and hand it the order."""
        line = encode(completed(message, order))
        with self._lock:
            process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "checker.host.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=os.name != "nt",
            )
            self._processes[process.pid] = process
        assert process.stdin is not None
        process.stdin.write(line)
        return process

    def _follow(self, wire: Wire, process: "subprocess.Popen[bytes]") -> None:
        """Pass the judge's questions on; a closed connection ends the launch."""
        assert process.stdin is not None
        try:
            for question in wire:
                process.stdin.write(json.dumps(question).encode() + b"\n")
        except (OSError, ValueError):
            pass
        kill_tree(process.pid)

    def _relay(self, process: "subprocess.Popen[bytes]", wire: Wire) -> None:
        """Pass the launch's events and answers on until it ends."""
        assert process.stdout is not None
        stdout = process.stdout
        for event in Wire(lambda: stdout.read(65536), lambda _: None):
            wire.send(event)

    def _wait(self, process: "subprocess.Popen[bytes]", timeout: float | None, wire: Wire) -> bool:
        """Wait for a run; True when its time was over. A closed connection ends it too."""
        threading.Thread(target=self._follow, args=(wire, process), daemon=True).start()
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _end(self, process: "subprocess.Popen[bytes]") -> int:
        """End what is left of a launch and give its exit code."""
        try:
            code = process.wait(0.2)
        except subprocess.TimeoutExpired:
            kill_tree(process.pid)
            code = process.wait()
        with self._lock:
            kill_tree(process.pid) if os.name != "nt" else None
            del self._processes[process.pid]
            end_strays(self._processes)
        return code
