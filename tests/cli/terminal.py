"""A shell in a pseudo-terminal, driven as a person would: type, and wait for what appears."""

import fcntl
import os
import pty
import select
import struct
import termios
import time
from pathlib import Path
from types import TracebackType

PROMPT = "ready> "
PATIENCE = 20.0


class Terminal:
    """An `sh` of 40 lines and 110 columns; ends with the context."""

    def __init__(self, folder: Path) -> None:
        self._unread = ""
        env = {**os.environ, "TERM": "xterm-256color", "PS1": PROMPT}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("sh", ["sh"], env)
        size = struct.pack("HHHH", 40, 110, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def __enter__(self) -> "Terminal":
        self.expect(PROMPT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._master)
        os.waitpid(self.pid, 0)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def expect(self, text: str) -> str:
        """Wait until a text appears; give all that came before it."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._unread:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._master], [], [], max(0.0, left))
            assert ready, f"{text!r} did not appear in {self._unread!r}"
            self._unread += os.read(self._master, 65536).decode(errors="replace")
        before, _, self._unread = self._unread.partition(text)
        return before

    @property
    def line_mode(self) -> bool:
        """Tell whether the terminal waits for whole lines and echoes, as a shell's commands do."""
        flags = termios.tcgetattr(self._master)[3]
        return bool(flags & termios.ICANON and flags & termios.ECHO)
