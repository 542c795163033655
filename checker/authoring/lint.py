"""Ruff and mypy strict over the labs, solutions and right answers of many topics, each run once."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from checker.authoring.answers import right_answers
from checker.authoring.tree import name_from
from checker.catalog import Catalog
from checker.catalog.model import Rooms, Topic
from checker.catalog.paths import PACKAGE
from checker.errors import EnvironmentFaultError

Findings = dict[str, list[str]]
"""Problems by topic id."""


def lint_topics(catalog: Catalog, topics: Iterable[Topic]) -> Findings:
    """Run ruff and mypy with the repository's settings.

    Raises:
        EnvironmentFaultError: one of them cannot run.
    """
    root = catalog.layout.content
    rooms = {topic.id: catalog.rooms(topic) for topic in topics}
    findings: Findings = {topic: [] for topic in rooms}
    places = [name_from(root, path) for own in rooms.values() for path in _linted(own)]
    if places:
        for file, problem in [*_ruff(root, places), *_mypy(root, places)]:
            for topic, own in rooms.items():
                if any(file.is_relative_to(path) for path in _linted(own)):
                    findings[topic].append(f"{name_from(root, file)}:{problem}")
    return findings


def _linted(rooms: Rooms) -> list[Path]:
    folders = [rooms.lab, rooms.solution, *right_answers(rooms.answers).values()]
    return [folder for folder in folders if any(folder.rglob("*.py"))]


def _settings(root: Path) -> Path:
    """Find the file with the lint settings: the tree's own, else the repository's."""
    own = root / "pyproject.toml"
    return own if own.exists() else PACKAGE.parent / "pyproject.toml"


def _ruff(root: Path, places: list[str]) -> list[tuple[Path, str]]:
    options = ["--output-format", "json", "--config", str(_settings(root)), *places]
    found = []
    for command in (["ruff", "check"], ["ruff", "format", "--check"]):
        for entry in json.loads(_run(root, [*command, *options])):
            line = entry["location"]["row"]
            problem = f"{line}: {entry['message']} (ruff {entry['code']})"
            found.append((Path(entry["filename"]), problem))
    return found


def _mypy(root: Path, places: list[str]) -> list[tuple[Path, str]]:
    settings = _settings(root)
    cache = settings.parent / ".mypy_cache"
    options = ["--config-file", str(settings), "--cache-dir", str(cache), "--output", "json"]
    output = _run(root, ["mypy", *options, *places])
    entries = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [
        (root / entry["file"], f"{entry['line']}: {entry['message']} (mypy {entry['code']})")
        for entry in entries
        if entry["severity"] == "error"
    ]


def _run(root: Path, command: list[str]) -> str:
    """Run a linter as a module of this Python and give the JSON that it wrote.

    Mypy ends with 2, as for a usage error, when a file does not parse; the JSON tells them apart.
    """
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode > 1 and not done.stdout.startswith(("{", "[")):
        raise EnvironmentFaultError(
            f"{command[0]} could not run: {(done.stderr or done.stdout).strip()[-300:]}",
            "Install the development tools: `make start`.",
        )
    return done.stdout
