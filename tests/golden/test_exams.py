"""Each trouble with tests that a learner wrote, in a real lab: the card as the learner reads it."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from checker.catalog import Catalog
from checker.judge.client import Judge
from checker.render.plain import plain_card
from checker.report import TopicReport, Verdict
from tests.golden.conftest import LIBRARY, without_times
from tests.golden.exams import EXAMS, Answer

# Attacks keep both processors busy with dozens of processes: trials take turns with them.
pytestmark = pytest.mark.xdist_group("attacks")


def judge_answer(answer: Answer, judge: Judge, catalog: Catalog, folder: Path) -> TopicReport:
    for name, text in answer.tree(LIBRARY / "labs" / "s01_library" / "t02_exam").items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return judge.check(catalog.find("5.1.2"), folder, seed=1)


def test_good_tests_pass(judge: Judge, catalog: Catalog, tmp_path: Path) -> None:
    report = judge_answer(Answer("good"), judge, catalog, tmp_path)
    assert report.first_card() is None
    assert report.verdict is Verdict.PASSED


def test_trials_do_not_depend_on_the_workflow(catalog: Catalog, tmp_path: Path) -> None:
    memory, lab = tmp_path / "memory", tmp_path / "lab"
    (lab / ".github").mkdir(parents=True)
    memory.mkdir()
    with Judge(catalog, "bare", memory=memory) as judge:
        judge_answer(Answer("good"), judge, catalog, lab)
        known = set(memory.iterdir())
        (lab / ".github" / "tests.yml").write_text("jobs: {}", "utf-8")
        judge_answer(Answer("good"), judge, catalog, lab)
        assert set(memory.iterdir()) == known != set()
        (lab / "tests" / "notes.txt").write_text("Mine.", "utf-8")
        judge_answer(Answer("good"), judge, catalog, lab)
        assert set(memory.iterdir()) > known


@pytest.mark.parametrize("answer, remembered", [("good", True), ("probe_fails", False)])
def test_a_failure_on_the_correct_app_is_not_remembered(
    catalog: Catalog, tmp_path: Path, answer: str, remembered: bool
) -> None:
    memory, lab = tmp_path / "memory", tmp_path / "lab"
    memory.mkdir()
    lab.mkdir()
    given = next((one for one in EXAMS if one.name == answer), Answer(answer))
    with Judge(catalog, "bare", memory=memory) as judge:
        judge_answer(given, judge, catalog, lab)
    told = [path.read_text("utf-8") for path in memory.iterdir()]
    assert any("test_probe" in text for text in told) is remembered
    assert any('"failed"' in text for text in told)


@pytest.mark.parametrize("answer", EXAMS, ids=lambda answer: answer.name)
def test_a_trouble_with_tests_is_explained(
    answer: Answer, judge: Judge, catalog: Catalog, tmp_path: Path, cards: SnapshotAssertion
) -> None:
    report = judge_answer(answer, judge, catalog, tmp_path)
    assert report.verdict is (Verdict.TIMEOUT if answer.timeout else Verdict.FAILED)
    found = report.first_card()
    assert found is not None
    assert without_times(plain_card(found[2])) == cards
