"""A judge of many labs keeps suites collected; its verdicts are those of any other judge."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.catalog import Catalog
from checker.errors import EnvironmentFaultError
from checker.judge.client import Judge
from checker.report import TopicReport, Verdict

SLEEP = "\nimport time\n@app.middleware('http')\nasync def hang(request, call_next):\n    "


@pytest.fixture
def many(catalog: Catalog) -> Iterator[Judge]:
    """Hold a judge that has both suites of the tiny curriculum collected."""
    with Judge(catalog, grading=True) as judge:
        for _ in range(2):
            for topic in catalog.written:
                assert judge.check(topic, catalog.rooms(topic).solution).verdict is Verdict.PASSED
        yield judge


def _told(report: TopicReport) -> dict[str, object]:
    """Give what a report tells, less the times."""
    data = report.model_dump(exclude={"seconds"})
    for task in data["tasks"]:
        for check in task["checks"]:
            del check["seconds"]
            if check["card"]:
                check["card"]["request"].pop("milliseconds")
                check["card"]["request"].pop("began")
    return data


def test_reports_are_those_of_a_judge_of_one_lab(
    many: Judge, judge: Judge, catalog: Catalog
) -> None:
    for topic in (*catalog.written, *catalog.written):
        for folder in (catalog.rooms(topic).lab, catalog.rooms(topic).solution):
            report = many.check(topic, folder, seed=3)
            assert _told(report) == _told(judge.check(topic, folder, seed=3))


def test_a_lab_that_hangs_spoils_no_other(many: Judge, catalog: Catalog, tmp_path: Path) -> None:
    topic = catalog.find("5.1.1")
    solution = (catalog.rooms(topic).solution / "app.py").read_text()
    lines = f"{SLEEP}time.sleep(60)\n    return await call_next(request)\n"
    (tmp_path / "app.py").write_text(solution + lines)
    assert many.check(topic, tmp_path).verdict is Verdict.TIMEOUT
    for _ in range(2):
        assert many.check(topic, catalog.rooms(topic).solution).verdict is Verdict.PASSED


def test_faults_and_changed_suites_are_noticed(
    many: Judge, catalog: Catalog, tmp_path: Path
) -> None:
    topic = catalog.find("5.1.1")
    rooms = catalog.rooms(topic)
    with pytest.raises(EnvironmentFaultError, match="cannot be read"):
        many.check(topic, tmp_path / "nowhere")
    assert many.check(topic, rooms.solution).verdict is Verdict.PASSED
    text = rooms.suite.read_text()
    rooms.suite.write_text(text.replace("status_code == 404", "status_code == 0"))
    for _ in range(3):
        assert many.check(topic, rooms.solution).verdict is Verdict.FAILED
    rooms.suite.write_text(text)
    assert many.check(topic, rooms.solution).verdict is Verdict.PASSED


def test_a_check_whose_process_dies_is_an_error_and_the_next_goes_on(
    many: Judge, catalog: Catalog
) -> None:
    topic = catalog.find("5.1.1")
    rooms = catalog.rooms(topic)
    suite = rooms.suite.read_text()
    hole = "    import os\n    os._exit(3)\n"
    title = '    """GET /books lists every book."""\n'
    rooms.suite.write_text(suite.replace(title, title + hole))
    for _ in range(3):
        report = many.check(topic, rooms.solution)
        assert report.verdict is Verdict.ERROR
        assert report.card is not None
        assert "ended with status" in str(report.card.detail)
    rooms.suite.write_text(suite)
    assert many.check(topic, rooms.solution).verdict is Verdict.PASSED
