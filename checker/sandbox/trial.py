"""Find out whether the sandbox works here, by making one with the same options."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from checker.sandbox.bubblewrap import INSTALL, View, bubblewrap_command

SECONDS = 20
_FORBIDDEN = (
    "No permissions",
    "Operation not permitted",
    "setting up uid map",
    "Permission denied",
)
_APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_CLONE = Path("/proc/sys/kernel/unprivileged_userns_clone")
_MOST = Path("/proc/sys/user/max_user_namespaces")
_MARKS_OF_CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))


def bubblewrap_available() -> str | None:
    """Give the reason why bubblewrap cannot be used here, with its remedy; None when it works."""
    if shutil.which("bwrap") is None:
        return f"bubblewrap is not installed. {INSTALL}"
    with tempfile.TemporaryDirectory(prefix="checker-") as folder:
        command = [*bubblewrap_command(View(Path(folder).resolve())), "/usr/bin/true"]
        try:
            result = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return "bubblewrap does not end here. Run `bwrap --ro-bind / / true` by hand."
    if result.returncode == 0:
        return None
    said = (result.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return f"bubblewrap cannot make a sandbox here ({said}). {remedy(said)}"


def remedy(
    said: str,
    *,
    apparmor: Path = _APPARMOR,
    clone: Path = _CLONE,
    most: Path = _MOST,
    containers: tuple[Path, ...] = _MARKS_OF_CONTAINERS,
) -> str:
    """Say what to change, from bubblewrap's last line and the settings of the system."""
    if _setting(clone) == "0":
        return "Allow unprivileged user namespaces: `sysctl kernel.unprivileged_userns_clone=1`."
    if _setting(most) == "0":
        return "Allow user namespaces: `sysctl user.max_user_namespaces=10000`."
    if any(mark.exists() for mark in containers):
        return (
            "Containers forbid it by default: start this one with"
            " `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`"
            " (and `--cap-add SYS_ADMIN` for root), or grade outside of it."
        )
    if _setting(apparmor) == "1" and os.geteuid() != 0:
        return (
            "AppArmor forbids it (Ubuntu 24.04): install the package `apparmor-profiles` and load"
            " its profile `bwrap-userns-restrict`, or"
            " `sysctl kernel.apparmor_restrict_unprivileged_userns=0`."
        )
    if any(words in said for words in _FORBIDDEN):
        return "Allow user namespaces for this account; `unshare --user true` must work in a shell."
    return "Run the same by hand: `bwrap --unshare-all --ro-bind / / true`."


def _setting(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
