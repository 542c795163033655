"""Serve a learner's app with reload, by production's own server: uvicorn in the lab's folder."""

import contextlib
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.errors import EnvironmentFaultError, UsageError

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Service:
    """What to serve: the folder it runs in, the entry point `module:app`, the port, variables."""

    folder: Path
    entry: str
    port: int
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Give the address to open in a browser."""
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Give the command line of the server."""
        server = [sys.executable, "-m", "uvicorn", self.entry, "--host", HOST]
        return [*server, "--port", str(self.port), "--reload", "--reload-dir", str(self.folder)]


def require_port(port: int) -> None:
    """Raise an error with the remedy when the port cannot be listened on."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError as error:
            raise UsageError(f"{port} is not a port.", "Choose one from 1024 to 65535.") from error
        except OSError as error:
            if error.errno == errno.EACCES:
                message = f"Port {port} may not be used without administrator's rights."
            else:
                message = f"Port {port} is taken by another program."
            other = port + 1 if 1023 < port < 65535 else 8001
            remedy = f"Stop that program, or choose another port: --port {other}"
            raise EnvironmentFaultError(message, remedy) from error


def serve(service: Service) -> int:
    """Run the server until it ends or Ctrl-C; give its exit code, 0 after Ctrl-C.

    Whatever else ends this process ends the server too.
    """
    env = {**os.environ, **service.env, "PYTHONDONTWRITEBYTECODE": "1"}
    server = subprocess.Popen(service.command(), cwd=service.folder, env=env)
    try:
        return server.wait()
    except KeyboardInterrupt:  # the terminal has sent it to the server too
        _wait(server)
        return 0
    finally:
        if server.poll() is None:
            server.terminate()  # its reloader ends what it has started
            _wait(server)
            server.kill()


def _wait(server: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(timeout=5.0)
