"""What a launched process finds around it: environment, folder, limits, standard streams."""

import importlib
import io
import os
import random
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

from .orders import Order
from .processes import die_with_parent

_LIMITS = {
    "processes": "RLIMIT_NPROC",
    "file_bytes": "RLIMIT_FSIZE",
    "open_files": "RLIMIT_NOFILE",
    "memory_bytes": "RLIMIT_AS",
    "cpu_seconds": "RLIMIT_CPU",
}
_WINDOWS_NEEDS = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR")


def detach() -> None:
    """Give the current process a session and signal handlers of its own."""
    if hasattr(os, "setsid") and os.getpid() != os.getsid(0):
        os.setsid()
    die_with_parent()
    _reset_signals()


def settle(order: Order) -> None:
    """Make the current, detached process a launch: environment, folder, streams, limits."""
    redirect(order)
    order.home.mkdir(parents=True, exist_ok=True)
    os.environ.clear()
    os.environ.update(environment(order))
    tempfile.tempdir = None  # what the zygote has looked up is not this launch's
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(order.folder)
    _set_path(order)
    _filter_warnings(order.env.get("PYTHONWARNINGS", ""))
    sys.dont_write_bytecode = True
    random.seed()
    apply_limits(order.limits)


def environment(order: Order) -> dict[str, str]:
    """Give the environment of a launch: a clean base and what the order adds."""
    home = str(order.home)
    programs = str(Path(sys.executable).parent)
    base = {
        "PATH": os.pathsep.join([programs, *_system_path()]),
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    if sys.prefix != sys.base_prefix:
        base["VIRTUAL_ENV"] = sys.prefix
    if os.name == "nt":
        base |= {"TEMP": home, "TMP": home, "USERPROFILE": home}
        base |= {name: os.environ[name] for name in _WINDOWS_NEEDS if name in os.environ}
    return base | order.env


def _system_path() -> list[str]:
    if os.name == "nt":
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return [rf"{root}\System32", root]
    return ["/usr/local/bin", "/usr/bin", "/bin"]


def redirect(order: Order) -> None:
    """Send standard output and error to the log; standard input is empty or the run's text."""
    order.log.parent.mkdir(parents=True, exist_ok=True)
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    _replace(0, _input(order))
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8",
                errors="backslashreplace",
                line_buffering=True,
                write_through=True,
            )


def _input(order: Order) -> int:
    if not order.stdin:
        return os.open(os.devnull, os.O_RDONLY)
    file = order.log.with_suffix(".in")
    file.write_text(order.stdin, encoding="utf-8")
    return os.open(file, os.O_RDONLY)


def _replace(target: int, source: int) -> None:
    if source != target:
        os.dup2(source, target)
        os.close(source)
    sys.stdin = open(target, encoding="utf-8", closefd=False)  # noqa: SIM115  # a stream


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _set_path(order: Order) -> None:
    extra = [entry for entry in order.env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    package = str(Path(__file__).resolve().parents[2])
    kept = [entry for entry in sys.path if entry and not _is_checkers(entry, package)]
    sys.path[:] = [str(order.folder), *extra, *kept]
    importlib.invalidate_caches()


def _is_checkers(entry: str, package: str) -> bool:
    return entry == package and "site-packages" not in entry


def _filter_warnings(text: str) -> None:
    """Apply PYTHONWARNINGS, which a forked interpreter does not read."""
    for option in filter(None, (part.strip() for part in text.split(","))):
        action, _, rest = option.partition(":")
        name = rest.split(":")[1] if ":" in rest else ""
        category = getattr(__import__("builtins"), name, Warning) if name else Warning
        if action in ("default", "error", "ignore", "always", "module", "once"):
            warnings.simplefilter(action, category)  # type: ignore[arg-type]


def apply_limits(limits: dict[str, int]) -> None:
    """Set resource limits where the system has them; core dumps are always off."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, limit in limits.items():
        kind = getattr(resource, _LIMITS.get(name, ""), None)
        if kind is None:
            continue
        _, most = resource.getrlimit(kind)
        ceiling = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(kind, (ceiling, ceiling))
