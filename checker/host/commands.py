"""Run a command in a launched process; Python programs run inside this warm interpreter."""

import os
import runpy
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from .processes import end_with_parent

_OURS = (str(Path(__file__).parent), str(Path(runpy.__file__)), "<frozen runpy>")


def is_python(command: Sequence[str]) -> bool:
    """Tell whether a command is a Python program that this interpreter can run itself."""
    return _python_arguments(command) is not None or _script(command[0]) is not None


def run_python(command: Sequence[str]) -> None:
    """Run a Python command as `__main__` in this process; its SystemExit or error comes through."""
    arguments = _python_arguments(command)
    if arguments is not None and arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return
    path = arguments[0] if arguments is not None else str(_script(command[0]))
    sys.argv = [path, *(arguments[1:] if arguments is not None else command[1:])]
    if arguments is not None:
        sys.path[0] = str(Path(path).resolve().parent)
    runpy.run_path(path, run_name="__main__")


def start_program(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that is not Python, or Python with options, on this process's streams.

    It ends with this process, even when that is killed (Linux).
    """
    end = None if os.name == "nt" else end_with_parent(signal.SIGKILL)
    return subprocess.Popen(list(command), preexec_fn=end)


def mirror(process: subprocess.Popen[bytes]) -> int:
    """Wait for a program and end as it ended: its signal becomes ours."""
    code = process.wait()
    if code < 0 and sys.platform != "win32":
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def exit_code_of(error: BaseException) -> int:
    """Give the interpreter's exit code for an error; all but SystemExit are printed."""
    if isinstance(error, KeyboardInterrupt):
        return 130
    if not isinstance(error, SystemExit):
        print_error(error)
        return 1
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    sys.stderr.write(f"{error.code}\n")
    return 1


def print_error(error: BaseException) -> None:
    """Print a traceback that begins at the learner's own line."""
    traceback.print_exception(type(error), error, below_ours(error.__traceback__))


def below_ours(link: TracebackType | None) -> TracebackType | None:
    """Skip the leading frames of the host and of runpy."""
    while link is not None and link.tb_frame.f_code.co_filename.startswith(_OURS):
        link = link.tb_next
    return link


def _python_arguments(command: Sequence[str]) -> Sequence[str] | None:
    """Give what follows `python`: `-m module ...` or `file.py ...`; None for anything else."""
    name = Path(command[0]).name.removesuffix(".exe")
    if name not in ("python", "python3", Path(sys.executable).name) or len(command) < 2:
        return None
    if os.sep in command[0] and command[0] != sys.executable:
        return None
    rest = command[1:]
    if rest[0] == "-m" and len(rest) > 1:
        return rest
    return rest if rest[0].endswith(".py") and Path(rest[0]).is_file() else None


def _script(name: str) -> Path | None:
    """Find the Python console script of that name beside the interpreter."""
    if os.sep in name:
        return None
    found = shutil.which(name)
    if found is None or Path(found).parent != Path(sys.executable).parent:
        return None
    with Path(found).open("rb") as file:
        first = file.readline(300)
    return Path(found) if first.startswith(b"#!") and b"python" in first else None
