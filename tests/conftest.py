"""Fixtures that all tests of the tool share: a tiny curriculum that each test may change."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.workspace import Workspace

collect_ignore = ["tiny", "answers"]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the tiny curriculum; it and a workspace beside it are what the checker discovers."""
    root = tmp_path / "tiny"
    shutil.copytree(
        Path(__file__).parent / "tiny", root, ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.setenv("CHECKER_ROOT", str(root))
    monkeypatch.setenv("CHECKER_WORKSPACE", str(tmp_path / "workspace"))
    return root


@pytest.fixture
def catalog(tiny: Path) -> Catalog:
    """Read the tiny curriculum."""
    assert tiny.is_dir()
    return Catalog()


@pytest.fixture
def workspace(catalog: Catalog) -> Iterator[Workspace]:
    """Make a workspace of the tiny curriculum."""
    workspace = Workspace.locate(catalog=catalog)
    workspace.create()
    yield workspace
    workspace.progress.close()
