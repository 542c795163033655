"""Who may import whom, where import-linter does not look, and what a start may not load.

The contracts between the modules of the checker are in pyproject.toml; `make imports` checks them.
"""

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import checker

ROOT = Path(__file__).resolve().parent.parent
SUITES = sorted(ROOT.glob("checker/suites/*/test_*.py"))
LABS = sorted(
    path for room in ("labs", "solutions", "tests/answers") for path in ROOT.glob(f"{room}/**/*.py")
)


def imported(path: Path) -> Iterator[str]:
    """Name every module that a file imports absolutely."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module


def loaded_after(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter; give the top-level packages it loaded."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.stem)
def test_a_suite_imports_only_the_face_of_the_judge(suite: Path) -> None:
    """A suite needs pytest, the standard library, checker.judge.api and the type of an answer."""
    allowed = sys.stdlib_module_names | {"pytest", "httpx"}
    others = {name for name in imported(suite) if name.partition(".")[0] not in allowed}
    assert others <= {"checker.judge.api"}


def test_labs_and_answers_do_not_know_the_checker() -> None:
    """What a learner edits is an app like any other."""
    knowing = [
        str(path.relative_to(ROOT))
        for path in LABS
        for name in imported(path)
        if name.partition(".")[0] == "checker"
    ]
    assert knowing == []


def test_host_imports_nothing_else_of_the_checker() -> None:
    """The host can be mounted alone in a sandbox."""
    for path in sorted(ROOT.glob("checker/host/**/*.py")):
        ours = {name for name in imported(path) if name.partition(".")[0] == "checker"}
        assert {name for name in ours if not name.startswith("checker.host")} == set(), path


def test_every_module_imports_without_a_warning() -> None:
    """Also those that are only reached on another path."""
    names = [
        module.name
        for module in pkgutil.walk_packages(checker.__path__, "checker.")
        if not module.name.startswith("checker.suites.") and not module.name.endswith("__main__")
    ]
    assert "checker" in loaded_after("import " + ", ".join(names))


def test_the_command_line_starts_light() -> None:
    """A command that runs no check loads neither pytest nor the frameworks."""
    heavy = {"pytest", "fastapi", "starlette", "uvicorn", "sqlalchemy", "nbclient", "jupytext"}
    assert loaded_after("import checker.cli.main") & heavy == set()


def test_the_judge_holds_services_without_their_frameworks() -> None:
    """The language model is an app in a process of its own; a suite only talks to it."""
    faces = "import checker.judge.server, checker.services.model, checker.services.postgres"
    assert loaded_after(faces) & {"fastapi", "starlette", "uvicorn", "sqlalchemy"} == set()
