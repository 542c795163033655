"""A sandboxed judge of the curriculum's first section, with short limits, for hostile labs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog, Layout
from checker.judge.client import Judge
from checker.sandbox import HostLimits, bubblewrap_available

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("curriculum", "labs", "solutions", "checker/suites")
SECTION = "s01_fundamentals"
TIMES = "limits: {topic: 8, test: 2.5, startup: 2, request: 1}\ntasks:"
LIMITS = HostLimits(
    memory_bytes=256 << 20, processes=64, disk_bytes=24 << 20, disk_files=2500, file_bytes=8 << 20
)


@pytest.fixture(scope="package")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Give a catalog of the first section whose topic 5.1.2 has little time."""
    root = tmp_path_factory.mktemp("curriculum")
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room / SECTION, root / room / SECTION)
    shutil.copy(REPOSITORY / "curriculum" / "outline.toml", root / "curriculum")
    lesson = root / "curriculum" / SECTION / "t02_path_operations.md"
    lesson.write_text(lesson.read_text().replace("tasks:", TIMES, 1))
    return Catalog(Layout.of_tree(root))


@pytest.fixture(scope="package")
def guard(attacked: Catalog) -> Iterator[Judge]:
    """Hold a sandboxed judge."""
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    with Judge(attacked, sandbox="bubblewrap", limits=LIMITS, grading=True) as judge:
        yield judge
