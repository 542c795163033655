"""The benchmark: what it measures, and that it measures like with like."""

import shutil
from pathlib import Path

import pytest

from checker.authoring import bench, runs
from checker.authoring.bench import TOPICS, BenchResult, Times, hand_written_suite, lay_bed
from checker.authoring.report import draw_bench
from checker.authoring.runs import Bed, run_check, run_pytest, save_and_wait
from checker.catalog import Catalog
from checker.errors import CurriculumError, EnvironmentFaultError
from checker.workspace import Workspace

SUITE = '''\
"""Ask what 5.1.1 asks."""


def test_all_books_are_listed(client):
    assert client.get("/books").json()["books"][0] == {"id": 1, "title": "Emma"}


def test_a_book_is_found_by_its_id(client):
    assert client.get("/books/2").json() == {"id": 2, "title": "Ulysses"}


def test_an_unknown_book_is_a_404(client):
    assert client.get("/books/100").status_code == 404
'''


@pytest.fixture
def suite(tiny: Path) -> Path:
    """Write a suite by hand for the first topic of the tiny curriculum."""
    folder = tiny / "tests" / "bench"
    shutil.copytree(Path(__file__).parents[1] / "bench", folder)
    path = folder / "test_t01_books.py"
    path.write_text(SUITE)
    return path


@pytest.fixture
def bed(catalog: Catalog, suite: Path, workspace: Workspace) -> Bed:
    """Lay the first topic out for the three runs."""
    assert suite.exists()
    return lay_bed(catalog, catalog.find("5.1.1"), workspace)


def test_every_way_comes_to_a_verdict(bed: Bed) -> None:
    before = (bed.lab / "app.py").read_text()
    assert 0 < run_pytest(bed) < runs.PATIENCE_SECONDS
    assert 0 < run_check(bed) < runs.PATIENCE_SECONDS
    times = save_and_wait(bed, 2)
    assert len(times) == 2
    assert all(0 < seconds < runs.PATIENCE_SECONDS for seconds in times)
    assert (bed.lab / "app.py").read_text() == before


@pytest.mark.parametrize("run", [run_pytest, run_check])
def test_lab_that_fails_is_not_measured(bed: Bed, run: object) -> None:
    (bed.lab / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    assert callable(run)
    with pytest.raises(EnvironmentFaultError) as caught:
        run(bed)
    assert "ended with 1:" in caught.value.message


def test_watch_that_sees_a_failure_is_not_measured(bed: Bed) -> None:
    (bed.lab / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n")
    with pytest.raises(EnvironmentFaultError, match="found the solution failed"):
        save_and_wait(bed, 1)


def test_watch_that_ends_is_an_error(bed: Bed, tmp_path: Path) -> None:
    nowhere = Bed(bed.catalog, bed.topic, bed.suite, tmp_path / "none", bed.lab)
    nowhere.workspace.mkdir()
    with pytest.raises(EnvironmentFaultError, match="`checker watch`"):
        save_and_wait(nowhere, 1)


def test_suites_must_ask_the_same(catalog: Catalog, suite: Path, workspace: Workspace) -> None:
    suite.write_text(SUITE.replace("def test_an_unknown_book", "def test_a_strange_book"))
    with pytest.raises(CurriculumError) as caught:
        lay_bed(catalog, catalog.find("5.1.1"), workspace)
    assert "test_a_strange_book_is_a_404, test_an_unknown_book_is_a_404" in caught.value.message


def test_missing_suite_asks_nothing(catalog: Catalog, workspace: Workspace) -> None:
    with pytest.raises(CurriculumError, match="do not ask the same"):
        lay_bed(catalog, catalog.find("5.1.1"), workspace)


def test_rounds_alternate_and_the_first_only_warms(
    catalog: Catalog, suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert suite.exists()
    calls: list[str] = []

    def note(word: str) -> float:
        calls.append(word)
        return float(len(calls))

    monkeypatch.setattr(bench, "run_pytest", lambda _: note("pytest"))
    monkeypatch.setattr(bench, "run_check", lambda _: note("check"))
    monkeypatch.setattr(bench, "save_and_wait", lambda _, saves: [note("watch")] * saves)
    result = bench.run_bench(catalog, 2, calls.append, ["5.1.1"])
    assert calls[1:4] == ["pytest", "check", "watch"]
    assert [call for call in calls if call.startswith("round")] == [
        "round 0 of 2, 5.1.1",
        "round 1 of 2, 5.1.1",
        "round 2 of 2, 5.1.1",
    ]
    assert len(result.topics["5.1.1"].watch) == 2 * bench.SAVES
    assert result.topics["5.1.1"].pytest == [6, 10]


def test_ratios_are_pytest_over_ours() -> None:
    times = Times(pytest=[1.4, 1.6, 9.0], check=[0.8], watch=[0.1] * 19 + [0.5])
    result = BenchResult({"5.1.1": times})
    assert {key: value for key, value in result.data().items() if key != "topics"} == {
        "cold_pytest_s": 1.6,
        "cold_check_s": 0.8,
        "watch_p50_s": 0.1,
        "watch_p95_s": 0.12,
        "ratio_cold": 2.0,
        "ratio_watch": 16.0,
        "rounds": 3,
    }
    assert result.data()["topics"] == {"5.1.1": times.data()}
    assert "ratio_watch    16.00" in draw_bench(result)


@pytest.mark.parametrize("topic", TOPICS)
def test_real_suites_ask_the_same(topic: str, tmp_path: Path) -> None:
    catalog = Catalog()
    found = catalog.find(topic)
    assert hand_written_suite(catalog, found).exists()
    workspace = Workspace(tmp_path / "workspace", catalog)
    workspace.create()
    assert lay_bed(catalog, found, workspace).topic == found
    workspace.progress.close()
