"""A small curriculum, its judge, and cards kept as text files."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.report import TopicReport
from tests.golden.cases import Broken

collect_ignore = ["library"]

TIMES = re.compile(r"\b\d+(?:\.\d+)? (ms|s)\b")
LIBRARY = Path(__file__).parent / "library"

JudgeBroken = Callable[[Broken], TopicReport]


class TextFiles(SingleFileSnapshotExtension):
    """Keep each card in a text file of its own."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def cards(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with the stored card; `pytest --snapshot-update` stores it anew."""
    return snapshot.use_extension(TextFiles)


@pytest.fixture(scope="module")
def catalog() -> Iterator[Catalog]:
    """Read the curriculum whose lab is broken here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKER_ROOT", str(LIBRARY))
        yield Catalog()


@pytest.fixture(scope="module")
def judge(catalog: Catalog) -> Iterator[Judge]:
    """Hold one judge for all labs."""
    with Judge(catalog) as one:
        yield one


@pytest.fixture
def judge_broken(judge: Judge, catalog: Catalog, tmp_path: Path) -> JudgeBroken:
    """Judge the solution after it has been broken."""

    def run(broken: Broken) -> TopicReport:
        topic = catalog.find(broken.topic)
        for name, content in broken.tree(catalog.rooms(topic).solution).items():
            (tmp_path / name).write_bytes(content)
        return judge.check(topic, tmp_path, seed=1)

    return run


def without_times(text: str) -> str:
    """Replace measured times, which differ from run to run."""
    return TIMES.sub(r"N \1", text)
