"""Examine the machine: Python, packages, ports, sockets, processes, disk, git."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from checker.doctor.finding import Finding, ok, problem, warning

DISTRIBUTION = "fastapi-workbook"
OLDEST_PYTHON = (3, 11)
RUN_PORT = 8000
LEAST_FREE_MB = 200
LONGEST_SOCKET_NAME = "s" * 26  # with the longest run folder that the host accepts: 107 bytes


def examine_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Finding:
    """Compare the interpreter with the oldest one supported."""
    name = ".".join(map(str, version))
    if version[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        remedy = f"Install Python {wanted} or newer, delete .venv, then `make start`."
        return problem("python", f"Python {name} is too old; {wanted} is needed.", remedy)
    return ok("python", f"Python {name} at {sys.executable}")


def examine_packages(requirements: Iterable[str] | None = None) -> Finding:
    """Compare the installed packages with what the workbook declares.

    Args:
        requirements: as in pyproject.toml; those of the installed workbook when absent.
    """
    if requirements is None:
        try:
            requirements = metadata.requires(DISTRIBUTION) or ()
        except metadata.PackageNotFoundError:
            remedy = f"`{sys.executable} -m pip install -e .` in the clone"
            return warning("packages", f"{DISTRIBUTION} itself is not installed.", remedy)
    faults = [fault for text in requirements if (fault := _package_fault(text))]
    if faults:
        wanted = " ".join(f"'{text}'" for text, _ in faults)
        said = "; ".join(said for _, said in faults)
        return problem("packages", f"{said}.", f"`{sys.executable} -m pip install {wanted}`")
    return ok("packages", "All required packages are there in versions that fit.")


def _package_fault(text: str) -> tuple[str, str] | None:
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return text, f"{text!r} is no valid requirement"
    if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
        return None
    plain = f"{wanted.name}{wanted.specifier}"
    try:
        installed = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return plain, f"{wanted.name} is missing"
    if not wanted.specifier.contains(installed, prereleases=True):
        return plain, f"{wanted.name} {installed} does not fit {wanted.specifier}"
    return None


def examine_loopback() -> Finding:
    """Listen on a free port of 127.0.0.1 and connect to it."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(2)
            with socket.create_connection(server.getsockname(), timeout=2):
                server.accept()[0].close()
    except OSError as error:
        remedy = "Allow connections to 127.0.0.1 in the firewall or container."
        return problem("loopback", f"127.0.0.1 cannot be used: {error}.", remedy)
    return ok("loopback", "Connections to 127.0.0.1 work.")


def examine_run_port(port: int = RUN_PORT) -> Finding:
    """Tell whether `checker run` gets its usual port."""
    try:
        with socket.socket() as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        detail = f"Port {port} is not free ({error.strerror}); `checker run` wants it."
        return warning(f"port {port}", detail, f"`checker run --port {port + 1}`")
    return ok(f"port {port}", f"Port {port} is free for `checker run`.")


def examine_unix_sockets(folder: Path | None = None) -> Finding:
    """Bind a socket with the longest name that a run needs, in the folder for temporary files."""
    if not hasattr(socket, "AF_UNIX"):
        return ok("sockets", "No Unix sockets here; loopback TCP is used instead.")
    base = folder or Path(tempfile.gettempdir())
    remedy = "Set TMPDIR to a short, writable path, for example `export TMPDIR=/tmp`."
    try:
        with (
            tempfile.TemporaryDirectory(prefix="checker-", dir=base) as name,
            socket.socket(socket.AF_UNIX) as probe,
        ):
            probe.bind(str(Path(name) / LONGEST_SOCKET_NAME))
    except OSError as error:
        detail = f"No Unix socket can be made below {base}: {error}."
        return problem("sockets", detail, remedy)
    return ok("sockets", f"Unix sockets work below {base}.")


def examine_fork() -> Finding:
    """Tell whether launches can be forked from a warm process."""
    if not hasattr(os, "fork") or sys.platform == "darwin":
        detail = "Launches are spawned, not forked: a check takes about a second."
        return ok("fork", detail)
    return ok("fork", "Launches are forked from a warm process.")


def examine_disk(folder: Path | None = None) -> Finding:
    """Compare the free space with what checks need."""
    place = folder or Path(tempfile.gettempdir())
    try:
        free = shutil.disk_usage(place).free // 1_000_000
    except OSError as error:
        return problem("disk", f"{place} cannot be read: {error.strerror}.", f"`ls -ld {place}`")
    if free < LEAST_FREE_MB:
        detail = f"Only {free} MB are free at {place}."
        return problem("disk", detail, f"`du -sh {place}/*` shows what could go.")
    return ok("disk", f"{free:,} MB are free at {place}.")


def examine_git() -> Finding:
    """Tell whether git is there; only contributors need it."""
    program = shutil.which("git")
    if program is None:
        detail = "git is not installed; only contributors need it."
        return warning("git", detail, "`sudo apt install git`, or from git-scm.com")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10)
    return ok("git", done.stdout.strip() or "git is installed.")
