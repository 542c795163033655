"""Examine the checker's own parts: curriculum, workspace, progress, watcher, host, sandbox."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from checker.catalog import Catalog
from checker.doctor.finding import Finding, ok, problem, warning
from checker.errors import CheckerError
from checker.progress.database import is_sound
from checker.workspace import Workspace

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
_READY_SECONDS = 20.0


def examine_curriculum(catalog: Catalog) -> Finding:
    """Read every written lesson."""
    try:
        for topic in catalog.written:
            catalog.lesson(topic)
    except CheckerError as error:
        return problem("curriculum", error.message, error.remedy)
    written, planned = len(catalog.written), len(catalog.topics)
    return ok("curriculum", f"{written} of {planned} topics are written; the others are coming.")


def examine_workspace(workspace: Workspace) -> Finding:
    """Write a file to the workspace, move it and remove it."""
    root = workspace.root
    if not workspace.exists:
        return warning("workspace", f"There is no workspace at {root}.", "`checker start`")
    probe = root / f".checker-probe-{os.getpid()}.tmp"
    try:
        probe.write_bytes(b"probe")
        probe.replace(probe.with_suffix(".moved"))
        probe.with_suffix(".moved").unlink()
    except OSError as error:
        detail = f"{root} cannot be written: {error.strerror}."
        return problem("workspace", detail, f"`chmod -R u+rwX '{root}'`")
    return ok("workspace", f"{root} can be written.")


def examine_progress(workspace: Workspace) -> Finding:
    """Look for damage in the progress file without changing it."""
    path = workspace.progress.path
    if not path.exists():
        return ok("progress", "Nothing is recorded yet.")
    if not is_sound(path):
        aside = path.with_name(f"{path.name}.damaged")
        detail = f"{path} is damaged. Your labs are not touched by that."
        return problem("progress", detail, f"`mv '{path}' '{aside}'` begins a new one.")
    try:
        count = len(workspace.progress.attempts())
        workspace.progress.choose("doctor", None)
    except CheckerError as error:
        return problem("progress", error.message, error.remedy)
    return ok("progress", f"{count} checks are recorded in {path}.")


def examine_watcher(workspace: Workspace) -> Finding:
    """Change a file in the workspace and see whether the file system tells."""
    from checker.watch.notice import Notices

    if not workspace.exists:
        return ok("watcher", "Examined once there is a workspace.")
    if os.environ.get("CHECKER_POLL"):
        return ok("watcher", "`checker watch` polls because CHECKER_POLL is set.")
    with Notices(workspace.root, lambda _: None) as notices:
        if notices.live:
            return ok("watcher", "The file system reports saves.")
    detail = "The file system reports no saves here; `checker watch` polls, which is a bit slower."
    return warning("watcher", detail, "Move the workspace to a local disk (CHECKER_WORKSPACE).")


def examine_host(sandbox: str = "bare") -> Finding:
    """Start a host, let it launch an app of three lines and wait until it answers."""
    name = "host" if sandbox == "bare" else "sandbox"
    remedy = f"`{sys.executable} -m checker.host --help` shows the error; report it with it."
    began = time.monotonic()
    try:
        event = _launch(sandbox)
    except (CheckerError, OSError, ValueError, TimeoutError) as error:
        said = error.message if isinstance(error, CheckerError) else str(error) or repr(error)
        remedy = (error.remedy if isinstance(error, CheckerError) else "") or remedy
        return problem(name, f"No app can be started: {said}", remedy)
    if event.get("event") != "ready":
        return problem(name, f"An empty FastAPI app does not start: {event}", remedy)
    took = (time.monotonic() - began) * 1000
    return ok(name, f"A host starts and its app comes up ({took:.0f} ms in all, {sandbox}).")


def examine_sandbox() -> Finding:
    """Start a host inside bubblewrap; only grading and `--sandbox` need it."""
    from checker.sandbox import bubblewrap_available

    if sys.platform != "linux":
        return ok("sandbox", "bubblewrap exists on Linux only; labs run without a sandbox here.")
    if shutil.which("bwrap") is None:
        detail = "bubblewrap is not installed; only grading and `--sandbox` need it."
        return warning("sandbox", detail, "`sudo apt install bubblewrap` (or dnf, pacman)")
    reason = bubblewrap_available()
    if reason is not None:
        detail, _, remedy = reason.partition(". ")
        return warning("sandbox", f"{detail}.", remedy)
    return examine_host("bubblewrap")


def examine_proxy() -> Finding:
    """Look for Caddy, which only topics with a proxy need."""
    from checker.judge.proxy import find_program

    try:
        find_program()
    except CheckerError as error:
        return warning("proxy", error.message, error.remedy)
    return ok("proxy", "Caddy is installed.")


def _launch(sandbox: str) -> dict[str, object]:
    from checker.judge.control import ConnectionEnded, Control
    from checker.sandbox import start_host

    prefix = "checker-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        run_dir = Path(name)
        lab = run_dir / "lab"
        lab.mkdir()
        (lab / "app.py").write_text(_APP, encoding="utf-8")
        with start_host(run_dir, sandbox=sandbox) as host:
            host.wait_ready()
            control = Control(host.address, host.token)
            try:
                order = {"op": "launch", "folder": str(lab), "entry": "app:app", "env": {}}
                control.send({**order, "command": None})
                event: dict[str, object] = {"event": "phase"}
                deadline = time.monotonic() + _READY_SECONDS
                while event.get("event") == "phase":
                    event = control.receive(deadline - time.monotonic())
            except ConnectionEnded as error:
                return {"event": "exit", "detail": str(error)}
            finally:
                control.close()
    return event
