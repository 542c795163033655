"""Names of files that strangers chose: which are trusted, which ignored, and how one is shown."""

import re
import unicodedata

from checker.files import IGNORED_FOLDERS, IGNORED_SUFFIXES
from checker.grading.intake.limits import DEPTH, NAME_BYTES, PATH_BYTES
from checker.grading.intake.oddity import Scope, refuse
from checker.grading.intake.printing import has_controls, shown
from checker.grading.model import FindingKind

_NOISE = frozenset({".ds_store", "thumbs.db", "desktop.ini", "icon\r", ".localized", "ehthumbs.db"})
_NOISE_FOLDERS = IGNORED_FOLDERS | {"__MACOSX", ".Trashes", ".Spotlight-V100", ".fseventsd", ".tox"}
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.I)
_DRIVE = re.compile(r"[A-Za-z]:")


def is_noise(name: str) -> bool:
    """Tell whether a tool or system left a file of that name, which nobody would hand in."""
    return name.lower() in _NOISE or name.startswith("._") or name.endswith(IGNORED_SUFFIXES)


def is_ignored(parts: list[str]) -> bool:
    """Tell whether a file is noise, or lies in the folder of a tool: `.venv`, `__MACOSX`."""
    return is_noise(parts[-1]) or not _NOISE_FOLDERS.isdisjoint(parts)


def is_hidden_folder(name: str) -> bool:
    """Tell whether a folder belongs to a tool, so that nothing in it is looked at."""
    return name in _NOISE_FOLDERS


def clean_parts(path: str, *, windows: bool = False) -> list[str]:
    """Give the parts of a path that stays below its folder on every system.

    Args:
        path: as disk, archive or repository names it.
        windows: a backslash parts folders, as in archives that Windows made.

    Raises:
        Refused: it would leave the folder, or is no name that one may trust.
    """
    text = path.replace("\\", "/") if windows else path
    if text.startswith("/") or _DRIVE.match(text) or ".." in text.split("/"):
        raise refuse(
            FindingKind.ESCAPE,
            f"{shown(path)} leads out of the submission; nothing of it was read.",
            path,
            Scope.ALL,
        )
    parts = [part for part in text.split("/") if part not in ("", ".")]
    _require_short(path, parts)
    for part in parts:
        problem = _problem(part)
        if problem:
            raise refuse(FindingKind.UNREADABLE, f"{shown(path)} {problem}.", text)
    return parts


def _problem(part: str) -> str:
    if has_controls(part):
        return "has a name with an invisible or undecodable character"
    if "\\" in part or ":" in part:
        return "has a name with a backslash or a colon, which means a folder or drive elsewhere"
    if part[-1] in " ." or _RESERVED.match(part):
        return "has a name that Windows reserves for something else"
    return ""


def _require_short(path: str, parts: list[str]) -> None:
    text = "/".join(parts)
    if len(parts) > DEPTH:
        problem = f"lies more than {DEPTH} folders deep"
    elif max((len(part.encode(errors="replace")) for part in parts), default=0) > NAME_BYTES:
        problem = f"has a name of more than {NAME_BYTES} bytes"
    elif len(text.encode(errors="replace")) > PATH_BYTES:
        problem = f"has a path of more than {PATH_BYTES} bytes"
    else:
        return
    raise refuse(FindingKind.TOO_LARGE, f"{shown(path)} {problem}.", text)


def collision_key(path: str) -> str:
    """Give what is equal for two paths that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
