"""Fixtures that all tests of the tool share: a tiny curriculum that each test may change."""

import shutil
from pathlib import Path

import pytest

from checker.catalog import Catalog

collect_ignore = ["tiny", "answers"]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the tiny curriculum and make it the one that the checker discovers."""
    root = tmp_path / "tiny"
    shutil.copytree(
        Path(__file__).parent / "tiny", root, ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.setenv("CHECKER_ROOT", str(root))
    monkeypatch.delenv("CHECKER_WORKSPACE", raising=False)
    return root


@pytest.fixture
def catalog(tiny: Path) -> Catalog:
    """Read the tiny curriculum."""
    assert tiny.is_dir()
    return Catalog()
