"""The store of a class: what is kept, and what a table is made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.errors import CheckerError, UsageError
from checker.grading.model import FindingKind, State
from checker.grading.store import FILE, Store
from checker.report import Verdict
from tests.grading.invent import TOPICS, TREE, receipt, receive, report

PASSED, FAILED, ERROR = Verdict.PASSED, Verdict.FAILED, Verdict.ERROR


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with Store.create(tmp_path / "results", seed=7) as store:
        yield store


def test_rows_have_a_cell_for_every_topic(store: Store) -> None:
    first, second = receive(store)
    store.keep(first, report(TOPICS[0], PASSED), receipt())
    book = store.gradebook()
    ada, ben = book.rows
    assert (book.points, ada.points, ben.points) == (6, 2, 0)
    assert [cell.state for cell in ada.cells.values()] == [State.JUDGED, State.PENDING]
    assert [cell.state for cell in ben.cells.values()] == [State.ABSENT, State.ABSENT]
    assert ada.student.columns == {"Group": "A"}
    assert book.trusted
    assert book.sandbox == ("bubblewrap",)
    found = book.report(ada.cells["5.1.1"])
    assert found == report(TOPICS[0], PASSED)
    assert book.receipt(ada.cells["5.1.1"]) == receipt()
    assert second.topic == "5.1.2"


def test_results_outlive_a_new_intake_and_the_process(store: Store) -> None:
    first, _ = receive(store)
    store.keep(first, report(TOPICS[0], PASSED), receipt())
    store.close()
    again = Store.open(store.folder)
    receive(again)
    assert again.gradebook().rows[0].points == 2
    assert again.judged() == {(first.due, 0): PASSED}
    assert again.tree(first.code) == TREE
    again.close()


def test_verdict_that_counts_is_kept_and_an_error_is_replaced(store: Store) -> None:
    first, second = receive(store)
    store.keep(first, report(TOPICS[0], PASSED), receipt())
    store.keep(first, report(TOPICS[0], FAILED), receipt())
    store.keep(second, report(TOPICS[1], ERROR, ERROR), receipt())
    assert store.gradebook().rows[0].cells["5.1.2"].state is State.ERROR
    store.keep(second, report(TOPICS[1], PASSED, FAILED), receipt())
    cells = store.gradebook().rows[0].cells
    assert [cell.points for cell in cells.values()] == [2, 1]


def test_repeats_that_disagree_are_flagged_and_the_first_counts(store: Store) -> None:
    first, second = receive(store)
    for repeat, verdict in enumerate((PASSED, FAILED, ERROR)):
        store.keep(first, report(TOPICS[0], verdict), receipt(repeat))
        store.keep(second, report(TOPICS[1], PASSED, PASSED), receipt(repeat))
    book = store.gradebook()
    assert [cell.flaky for cell in book.rows[0].cells.values()] == [True, False]
    assert [finding.kind for finding in book.findings] == [FindingKind.FLAKY]
    assert "passed (2), failed (0)" in book.findings[0].message
    assert book.rows[0].points == 6


def test_one_result_without_a_sandbox_makes_the_class_untrusted(store: Store) -> None:
    first, second = receive(store)
    store.keep(first, report(TOPICS[0], PASSED), receipt())
    store.keep(second, report(TOPICS[1], PASSED, PASSED), receipt(trusted=False))
    book = store.gradebook()
    assert not book.trusted
    assert book.sandbox == ("bubblewrap", "none")


def test_points_that_the_manifest_does_not_offer_are_refused(store: Store) -> None:
    first, _ = receive(store)
    store.keep(first, report(TOPICS[1], PASSED, PASSED), receipt())
    with pytest.raises(CheckerError, match=r"gives 1 points for the task 'lend'"):
        store.gradebook()


def test_folders_that_are_no_store_are_refused(tmp_path: Path, store: Store) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(UsageError, match="holds other files"):
        Store.create(tmp_path)
    with pytest.raises(UsageError, match="no results"):
        Store.open(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="with the seed 7"):
        Store.create(store.folder, seed=8)
    assert Store.open(store.path).seed == 7
    store.choose("version", "0")
    with pytest.raises(UsageError, match="another version"):
        Store.open(store.folder)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text("not a database")
    with pytest.raises(CheckerError, match="cannot be used"):
        Store.open(tmp_path / "bad")


def test_remarks_of_the_result_that_counts_become_findings(store: Store) -> None:
    first, second = receive(store)
    noted = report(TOPICS[0], PASSED).model_copy(update={"remarks": ("It tried to get out.",)})
    store.keep(first, noted, receipt())
    store.keep(second, report(TOPICS[1], PASSED, PASSED), receipt())
    (finding,) = store.gradebook().findings
    assert (finding.kind, finding.student, finding.topic) == (FindingKind.NETWORK, "ada", "5.1.1")
    assert finding.message == "It tried to get out."
    assert not finding.refused
