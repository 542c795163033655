"""A tiny curriculum's judge, and a helper that judges files given as text."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.report import TopicReport

Files = dict[str, str]
JudgeFiles = Callable[[Files], TopicReport]


@pytest.fixture
def judge(catalog: Catalog) -> Iterator[Judge]:
    """Hold a judge of the tiny curriculum."""
    with Judge(catalog) as one:
        yield one


@pytest.fixture
def judge_files(judge: Judge, catalog: Catalog, tmp_path: Path) -> JudgeFiles:
    """Judge topic 5.1.1 of the tiny curriculum with the given files."""

    def run(files: Files) -> TopicReport:
        folder = tmp_path / "lab"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text)
        return judge.check(catalog.find("5.1.1"), folder, seed=1)

    return run
