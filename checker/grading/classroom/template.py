"""The template repository that an instructor hands out, for GitHub or GitLab."""

import json
import os
import re
import shlex
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import checker
from checker.catalog import Catalog, Topic
from checker.errors import EnvironmentFaultError, UsageError
from checker.files import Tree, read_tree, write_tree
from checker.grading.classroom.host import Host
from checker.workspace import STATE_FOLDER

PYTHON = "3.12"
IMAGE = "mcr.microsoft.com/devcontainers/python"
WHEELS = "wheels"
_PINNED = re.compile(r"==|@|\.whl$")


def default_install() -> str:
    """Give what students install: this very version."""
    return f"fastapi-workbook=={checker.__version__}"


def make_template(
    catalog: Catalog,
    topics: Sequence[Topic],
    host: Host,
    install: str | None = None,
    *,
    reporter: bool = False,
) -> Tree:
    """Give all files of the template.

    Args:
        catalog: has the labs.
        topics: the topics that students get, and that count; written ones.
        host: whose CI judges the pushes.
        install: what pip installs: name==version, name @ git+https://...@tag, or a wheel; the
            file of a wheel goes into the template.
        reporter: add GitHub Classroom's own action, which reads the result of the checker.

    Raises:
        UsageError: `install` fixes no version, or cannot stand in a workflow.
    """
    install, wheel = _wheel(install or default_install())
    _require_pinned(install)
    if reporter and host is not Host.GITHUB:
        raise UsageError("GitLab knows no --reporter.", "Leave it out: GitLab reads junit.xml.")
    words = {
        "install": shlex.quote(install),
        "python": PYTHON,
        "topics": "--topics " + ",".join(topic.id for topic in topics),
        "where": f" ({host.page})",
        "table": "\n".join(_line(catalog, topic) for topic in topics),
        "first": topics[0].id,
        "workflow": f"`{host.workflow}`",
    }
    workflow = _text(f"{host}.yml") + (_text("reporter.yml") if reporter else "")
    tree = {
        host.workflow: _filled(workflow, words),
        "README.md": _filled(_text("README.md"), words),
        ".gitignore": _text("gitignore").encode(),
        f"{STATE_FOLDER}/.gitignore": _text("state.gitignore").encode(),
        ".devcontainer/devcontainer.json": _devcontainer(install),
        **wheel,
    }
    for topic in topics:
        lab = read_tree(catalog.rooms(topic).lab)
        tree |= {f"{topic.section_slug}/{topic.slug}/{name}": data for name, data in lab.items()}
    return tree


def write_template(tree: Tree, folder: Path) -> None:
    """Write the template into a new or an empty folder; a fresh clone, with `.git` only, is empty.

    Raises:
        UsageError: something is there already; it is left as it is.
        EnvironmentFaultError: it cannot be written.
    """
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise UsageError(f"{folder} is a file.", "Name a new folder.")
        if folder.is_dir() and {path.name for path in folder.iterdir()} - {".git"}:
            raise UsageError(
                f"{folder} is not empty; nothing was written.",
                "Name a new folder, and copy from it what you want.",
            )
        write_tree(tree, folder)
    except OSError as error:
        raise EnvironmentFaultError(
            f"{folder} cannot be written: {error.strerror}.",
            "Free some space, change its permissions or name another folder.",
        ) from error


def _wheel(install: str) -> tuple[str, Tree]:
    """Give what pip installs, and the wheel that the template must hold for it.

    Raises:
        UsageError: a file is named that cannot be read.
    """
    if not install.endswith(".whl") or "://" in install:
        return install, {}
    path = Path(install).expanduser()
    try:
        return f"./{WHEELS}/{path.name}", {f"{WHEELS}/{path.name}": path.read_bytes()}
    except OSError as error:
        raise UsageError(
            f"The wheel {path} cannot be read: {error.strerror}.",
            f"Name a wheel that is there, or a version: --install '{default_install()}'.",
        ) from error


def _require_pinned(install: str) -> None:
    if not install.isprintable() or "${{" in install or install.startswith("-"):
        raise UsageError(
            f"pip cannot be given {install!r} in a workflow.",
            "Name one package: name==version, name @ git+https://HOST/REPOSITORY@TAG, or a wheel.",
        )
    if not _PINNED.search(install):
        raise UsageError(
            f"{install!r} fixes no version: the questions could change under your students.",
            f"Name one, for example --install '{default_install()}'.",
        )


def _line(catalog: Catalog, topic: Topic) -> str:
    folder = f"{topic.section_slug}/{topic.slug}"
    points = sum(task.points for task in catalog.lesson(topic).tasks)
    return f"| {topic.id} {topic.title} | [`{folder}`]({folder}) | {points} |"


def _devcontainer(install: str) -> bytes:
    settings = {
        "name": "FastAPI Workbook",
        "image": f"{IMAGE}:{PYTHON}",
        "postCreateCommand": ["python", "-m", "pip", "install", "--user", install],
        "forwardPorts": [8000],
        "portsAttributes": {"8000": {"label": "your app (checker run)"}},
        "customizations": {"vscode": {"extensions": ["ms-python.python", "charliermarsh.ruff"]}},
    }
    return (json.dumps(settings, indent=2) + "\n").encode()


def _text(name: str) -> str:
    return (files(__package__) / "files" / name).read_text("utf-8")


def _filled(text: str, words: dict[str, str]) -> bytes:
    return re.sub("@([a-z]+)@", lambda found: words[found[1]], text).encode()
