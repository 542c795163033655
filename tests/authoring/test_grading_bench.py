"""The benchmark of grading: both sides do the same work, and a solution that fails is told."""

from pathlib import Path

import pytest

from checker.authoring import grading_bench
from checker.authoring.grading_bench import GradingBench, run_grading_bench
from checker.authoring.report import draw_bench
from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.sandbox import bubblewrap_available
from tests.authoring.test_bench import suite  # noqa: F401 - a fixture


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade a class of two in one topic."""
    if (reason := bubblewrap_available()) is not None:
        pytest.skip(reason)
    monkeypatch.setattr(grading_bench, "TOPICS", ("5.1.1",))
    monkeypatch.setattr(grading_bench, "STUDENTS", 2)
    monkeypatch.setattr(grading_bench, "PYTEST_RUNS", 1)


def test_numbers_are_medians_and_their_ratio() -> None:
    bench = GradingBench(2, "bubblewrap", [8.0, 12.0, 10.0], [0.5, 0.4, 0.6])
    data = bench.data()
    assert (data["verdicts_a_second_and_core"], data["ratio"], data["rounds"]) == (10.0, 20.0, 3)
    assert "ratio" in draw_bench(bench)


@pytest.mark.usefixtures("small", "suite")
def test_a_class_is_graded_in_turn_with_pytest(catalog: Catalog) -> None:
    told: list[str] = []
    result = run_grading_bench(catalog, 1, told.append)
    assert (len(result.grading), len(result.pytest)) == (1, 1)
    assert min(result.grading + result.pytest) > 0
    assert told == [f"round {n} of 1, {what}" for n in (0, 1) for what in ("grading", "pytest")]


@pytest.mark.usefixtures("small", "suite")
def test_a_solution_that_does_not_pass_is_told(
    catalog: Catalog, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tiny / "solutions" / "s01_shelf" / "t01_books" / "app.py"
    app.write_text(app.read_text().replace("Emma", "Persuasion"))
    monkeypatch.setattr(grading_bench, "run_pytest", lambda _: 1.0)
    with pytest.raises(EnvironmentFaultError, match="Solutions were found failed"):
        run_grading_bench(catalog, 1, lambda _: None)
