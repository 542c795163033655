"""The wheel works alone: in an environment that has never seen the clone.

No registry is asked: the wheel is built by the installed backend, and the new environment borrows
the packages of the running one through a path line.
"""

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from checker.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ("curriculum", "labs", "solutions", "notebooks")


def run(*command: str | Path, cwd: Path, expect: int = 0) -> str:
    """Run a command without the variables that would lead it back to the clone."""
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CHECKER", "VIRTUAL"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
    )
    assert done.returncode == expect, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the clone, as a release would, without an isolated environment."""
    out = tmp_path_factory.mktemp("dist")
    build = ("-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT))
    run(sys.executable, *build, cwd=ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into an empty environment; give that environment's interpreter."""
    home = tmp_path_factory.mktemp("env") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", where, cwd=home).strip())
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    install = ("-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python")
    run(sys.executable, *install, str(python), wheel, cwd=home)
    return python


def test_the_wheel_carries_all_rooms(wheel: Path) -> None:
    """Each tracked file of the content, and nothing else, is in the wheel at its own address."""
    prefix = "checker/content/"
    names = zipfile.ZipFile(wheel).namelist()
    carried = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *CONTENT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert carried == set(listed.stdout.split("\n")) - {""}


def test_the_wheel_carries_the_suites_and_no_tests(wheel: Path) -> None:
    """The judge's questions are part of the package; the tests of the tool are not."""
    names = zipfile.ZipFile(wheel).namelist()
    suites = [name for name in names if name.startswith("checker/suites/s01_fundamentals/test_")]
    assert suites
    assert not [name for name in names if name.startswith("tests/")]


def test_requirements_of_the_wheel_are_met_here(wheel: Path) -> None:
    """What the metadata asks for is what the constraints file installs."""
    archive = zipfile.ZipFile(wheel)
    (entry,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    required = Metadata.from_email(archive.read(entry), validate=True).requires_dist or []
    unmet = [str(each) for each in required if not _is_met(each, {"extra": ""})]
    assert unmet == []


def _is_met(requirement: Requirement, environment: Mapping[str, str]) -> bool:
    """Say whether a requirement does not apply here or is installed in a version it accepts."""
    if requirement.marker and not requirement.marker.evaluate(dict(environment)):
        return True
    return requirement.specifier.contains(version(requirement.name))


def test_checker_starts_and_checks_without_the_clone(python: Path, tmp_path: Path) -> None:
    """In an empty folder, `start` makes the workspace and `check` judges the untouched lab."""
    first = Catalog().written[0]
    checker = python.with_name("checker")
    where = run(python, "-c", "import checker; print(checker.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(python.parent.parent)

    started = run(checker, "start", "--plain", cwd=tmp_path)
    assert first.id in started
    assert (tmp_path / "workspace" / first.address).is_dir()

    checked = run(checker, "check", "--plain", cwd=tmp_path, expect=1)
    assert first.id in checked
    assert "failed" in checked
    assert str(ROOT) not in started + checked
