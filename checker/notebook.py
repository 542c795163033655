"""Check a lab from a notebook cell: `from checker.notebook import check; check("5.1.2")`.

`run_tests` shows in a cell what pytest says of some tests, `run_commands` what others say.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from checker.catalog import Catalog
from checker.errors import CheckerError
from checker.files import write_tree
from checker.report import TopicReport
from checker.services import Services
from checker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict that shows itself: HTML or Markdown in Jupyter, plain text elsewhere."""

    report: TopicReport

    def __repr__(self) -> str:
        from checker.render.plain import plain_report

        return plain_report(self.report)

    def _repr_markdown_(self) -> str:
        return f"```text\n{self!r}\n```"

    def _repr_html_(self) -> str:
        from checker.render.html import html_report

        return html_report(self.report)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing could be checked, with the remedy."""

    message: str
    remedy: str

    def __repr__(self) -> str:
        return f"{self.message}\n{self.remedy}".strip()

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self.message)}</b><br>{escape(self.remedy)}</p>"


def check(topic: str, seed: int | None = None) -> Checked | Trouble:
    """Judge your lab of a topic, or its starter when there is no workspace.

    Args:
        topic: "5.1.2", "1.2" or "path_operations".
        seed: of the random data; give the one that a verdict names to see it again.
    """
    from checker.judge.client import Judge

    try:
        catalog = Catalog()
        found = catalog.find(topic)
        workspace = Workspace.locate(catalog=catalog)
        mine = workspace.folder(found).is_dir()
        folder: Path = workspace.folder(found) if mine else catalog.rooms(found).lab
        files = workspace.read(found) if mine else {}
        with Judge(catalog) as judge:
            report = judge.check(found, folder, seed)
        if mine:
            with workspace.progress as progress:
                progress.record(report, files, catalog.digest(found))
    except CheckerError as error:
        return Trouble(error.message, error.remedy)
    return Checked(report)


def run_tests(files: str | Mapping[str, str], *options: str) -> None:
    """Run pytest on some files, in a new folder and process, and print what it says.

    Times are left out, so that the output is the same each time. No plugins are loaded but those
    named by `-p`.

    Args:
        files: the text of each file by its path; a text alone is `test_library.py`.
        options: of pytest; with `-q` it says little, as a notebook wants it.
    """
    with _folder({"test_library.py": files} if isinstance(files, str) else files) as folder:
        print(_run(folder, ["pytest", f"--rootdir={folder}", "--color=no", *options])[1])  # noqa: T201 - a cell's output


def run_commands(files: Mapping[str, str], *commands: str) -> None:
    """Run commands of Python packages in a new folder, and print each and what it says.

    Times are left out, and an exit code is told that is not 0; the next command runs all the same.

    Args:
        files: the text of each file by its path.
        commands: as "coverage report --show-missing", of modules that `python -m` can run.
    """
    with _folder(files) as folder:
        for command in commands:
            code, said = _run(folder, shlex.split(command))
            ended = f"(exit code {code})" if code else ""
            print("\n".join(filter(None, [f"$ {command}", said, ended])))  # noqa: T201 - a cell's output


@contextmanager
def _folder(files: Mapping[str, str]) -> Iterator[Path]:
    """Give a new folder with some files in it."""
    with tempfile.TemporaryDirectory() as name:
        write_tree({path: text.encode() for path, text in files.items()}, Path(name))
        yield Path(name)


def _run(folder: Path, command: Sequence[str]) -> tuple[int, str]:
    """Run a module in a folder; give the exit code, and the output without folder and times."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = done.stdout
    for place in (folder.resolve(), folder):
        said = said.replace(f"{place}{os.sep}", "")
    return done.returncode, re.sub(r" in \d+\.\d+s( \([\d:]+\))?", "", said.strip())


def start_services(*names: str) -> Services:
    """Start services for the cells that follow, and set the variables that lead to them.

    They run as long as the result is kept, and end with the kernel.

    Args:
        names: as a lesson declares them: "model", "redis".

    Raises:
        EnvironmentFaultError: one of them cannot be had; it says what to do.
    """
    services = Services()
    os.environ.update(services.environment(names))
    return services
