"""What the judge orders: the first line of a connection, checked."""

from dataclasses import dataclass, field
from pathlib import Path

from .trial import Trial, parse_trial
from .wire import decode


class OrderError(Exception):
    """Say what is wrong with an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """One launch, run, trial or preload.

    `limits` may hold `processes`, `file_bytes`, `open_files`, `memory_bytes`, `cpu_seconds`.
    `port_env` names an environment variable that receives the port of a command. `at` is the
    address of a launch that has ended, to listen there again. `graceful` is the time in whole
    seconds that a stop gives to requests in flight. `number`, `run_dir` and `transport` are the
    host's own. `doors` are the ports to open, each with the socket it leads to. `modules` are what
    a preload imports.
    """

    op: str
    number: int
    run_dir: Path
    transport: str
    folder: Path = Path()
    entry: str = "app:app"
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    timeout: float | None = None
    stdin: str = ""
    limits: dict[str, int] = field(default_factory=dict)
    port_env: str = ""
    at: dict[str, str] = field(default_factory=dict)
    graceful: int = 2
    doors: dict[int, Path] = field(default_factory=dict)
    trial: Trial | None = None
    modules: tuple[str, ...] = ()

    @property
    def log(self) -> Path:
        """The file that gets standard output and error."""
        return self.run_dir / "log" / f"{self.number}.log"

    @property
    def socket(self) -> Path:
        """The unix socket of the server."""
        if "uds" in self.at:
            return Path(self.at["uds"])
        return self.run_dir / "sock" / f"{self.number}.sock"

    @property
    def port(self) -> int:
        """The port to listen on where there are no unix sockets; 0 takes any that is free."""
        return int(self.at.get("port", 0))

    @property
    def home(self) -> Path:
        """The private folder for HOME and temporary files."""
        return self.run_dir / "home" / str(self.number)


def parse_order(message: dict[str, object], *, number: int, run_dir: Path, transport: str) -> Order:
    """Check an order line; OrderError says what is wrong with it."""
    op = message.get("op")
    if op not in ("launch", "run", "test", "preload", "doors"):
        raise OrderError(f"unknown op {op!r}")
    if op == "preload":
        modules = _strings(message, "modules")
        return Order("preload", number, run_dir, transport, modules=modules)
    if op == "doors":
        return Order("doors", number, run_dir, transport, folder=run_dir, doors=_doors(message))
    folder = Path(_text(message, "folder"))
    if not folder.is_dir():
        raise OrderError(f"no such folder: {folder}")
    command = _strings(message, "command")
    if op == "run" and not command:
        raise OrderError("run needs a command")
    return Order(
        op=str(op),
        number=number,
        run_dir=run_dir,
        transport=transport,
        folder=folder.resolve(),
        entry=_text(message, "entry", "app:app"),
        env=_environment(message),
        command=command,
        timeout=_number(message, "timeout"),
        stdin=_text(message, "stdin", ""),
        limits=_limits(message),
        port_env=_text(message, "port_env", ""),
        at=_address(message),
        graceful=int(_number(message, "graceful") or 2),
        trial=_trial(message) if op == "test" else None,
    )


def completed(message: dict[str, object], order: Order) -> dict[str, object]:
    """Add to an order's message what is the host's own, for a process that the host started."""
    rest = {key: value for key, value in message.items() if key != "token"}
    place = {"number": order.number, "run_dir": str(order.run_dir)}
    return {**rest, **place, "transport": order.transport}


def read_order(line: bytes) -> Order:
    """Read an order that the host has completed."""
    message = decode(line)
    return parse_order(
        message,
        number=int(str(message["number"])),
        run_dir=Path(str(message["run_dir"])),
        transport=str(message["transport"]),
    )


def _doors(message: dict[str, object]) -> dict[int, Path]:
    value = message.get("doors")
    if not isinstance(value, dict):
        raise OrderError("doors must be an object")
    return {int(port): Path(str(path)) for port, path in value.items()}


def _trial(message: dict[str, object]) -> Trial:
    try:
        return parse_trial(message.get("trial"))
    except (TypeError, ValueError) as error:
        raise OrderError(f"the trial cannot be read: {error}") from error


def _text(message: dict[str, object], key: str, default: str | None = None) -> str:
    value = message.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise OrderError(f"{key} must be a string")
    return value


def _strings(message: dict[str, object], key: str) -> tuple[str, ...]:
    value = message.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise OrderError(f"{key} must be a list of strings")
    return tuple(value)


def _number(message: dict[str, object], key: str) -> float | None:
    value = message.get(key)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise OrderError(f"{key} must be a number")


def _environment(message: dict[str, object]) -> dict[str, str]:
    value = message.get("env") or {}
    if not isinstance(value, dict):
        raise OrderError("env must be an object")
    env = {str(key): str(text) for key, text in value.items()}
    if any("\0" in key + text or "=" in key or not key for key, text in env.items()):
        raise OrderError("env holds a name or value that no environment can hold")
    return env


def _address(message: dict[str, object]) -> dict[str, str]:
    value = message.get("at") or {}
    if not isinstance(value, dict):
        raise OrderError("at must be an object")
    return {str(key): str(part) for key, part in value.items()}


def _limits(message: dict[str, object]) -> dict[str, int]:
    value = message.get("limits") or {}
    if not isinstance(value, dict):
        raise OrderError("limits must be an object")
    return {str(key): int(limit) for key, limit in value.items()}
