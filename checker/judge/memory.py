"""Results of trials that need not be run again: the same tests on the same app say the same.

Kept while a judge lives, or several that share a folder, where the host does not see it. Only
trials that came to their end are kept, and only for chosen tests: the trials of all tests on the
correct app run each time, as do those of chosen tests that failed on it.
"""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from checker.files import Tree
from checker.judge.trials import End, Notice, TrialResult

MOST = 2_000
SETTINGS = "pyproject.toml"
_IMPORTED = re.compile(rb"^\s*(?:from|import)\s[^#\n]*\b(?:test_\w+|\w+_test)\b", re.MULTILINE)


class Memory:
    """Results by key.

    Args:
        folder: where they lie; None remembers nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def recall(self, key: str) -> TrialResult | None:
        """Give the result that was kept under a key."""
        if self._folder is None:
            return None
        try:
            data = json.loads((self._folder / key).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        data["notices"] = [
            Notice(**{**one, "frames": tuple(one["frames"])}) for one in data["notices"]
        ]
        data["problems"] = [(file, problem) for file, problem in data["problems"]]
        return TrialResult(**{**data, "end": End(data["end"])})

    def keep(self, key: str, result: TrialResult) -> None:
        """Keep a result that is whole."""
        if self._folder is not None and result.end is End.WHOLE:
            part = self._folder / f"{key}.{os.getpid()}.part"
            part.write_text(json.dumps(asdict(result)), "utf-8")
            part.replace(self._folder / key)


def forget_some(folder: Path) -> None:
    """Begin anew when too much is kept."""
    kept = list(folder.iterdir())
    if len(kept) > MOST:
        for path in kept:
            path.unlink(missing_ok=True)


def forget_all(folder: Path) -> None:
    """Begin anew: what is kept was told by the code of somebody else."""
    for path in folder.iterdir():
        path.unlink(missing_ok=True)


def key_of(tree: Tree, chosen: Iterable[str], *facts: Mapping[str, object]) -> str:
    """Give the key of a trial.

    Files of tests that are not chosen are left out, as pytest does not look into them, unless some
    file imports from a file of tests; and the settings of coverage.py, which no trial measures
    with, unless some file names the file that they are in.

    Args:
        tree: all files, the app's included, as they are before they are marked.
        chosen: the files whose tests run.
        facts: whatever else the outcome depends on.
    """
    code = [text for name, text in tree.items() if name.endswith(".py")]
    whole = any(map(_IMPORTED.search, code))
    if SETTINGS in tree and not any(SETTINGS.encode() in text for text in code):
        tree = {**tree, SETTINGS: _without_coverage(tree[SETTINGS])}
    wanted = set(chosen)
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for name, text in sorted(tree.items()):
        if whole or name in wanted or not _holds_tests(name):
            digest.update(f"\0{name}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def _without_coverage(text: bytes) -> bytes:
    """Say the same as a file of settings, without what is told to coverage.py."""
    try:
        data = tomllib.loads(text.decode())
        data.get("tool", {}).pop("coverage", None)
    except (ValueError, AttributeError, RecursionError):
        return text
    return repr(data).encode()


def _holds_tests(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix == ".py" and (path.stem.startswith("test_") or path.stem.endswith("_test"))
