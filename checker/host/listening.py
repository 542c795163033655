"""Where the host listens: a unix socket, or a loopback port with a token."""

import hmac
import json
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

BACKLOG = 64


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket; over TCP every order must carry the token."""

    socket: socket.socket
    address: dict[str, object]
    token: str | None

    def admits(self, message: dict[str, object]) -> bool:
        """Tell whether an order may be carried out."""
        if self.token is None:
            return True
        return hmac.compare_digest(str(message.get("token", "")).encode(), self.token.encode())

    def announce(self) -> None:
        """Print the ready line."""
        ready: dict[str, object] = {"address": self.address}
        if self.token is not None:
            ready["token"] = self.token
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()


def listen(run_dir: Path, transport: str) -> Listener:
    """Begin to accept connections."""
    if transport == "tcp":
        listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        host, port = listener.getsockname()[:2]
        return Listener(listener, {"host": host, "port": port}, secrets.token_urlsafe(24))
    path = run_dir / "host.sock"
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(BACKLOG)
    return Listener(listener, {"uds": str(path)}, None)
