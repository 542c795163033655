"""Find the second test of a pair: the one that decides whether another passes."""

from checker.judge.examination import Examination
from checker.judge.trials import TrialResult

MOST_CANDIDATES = 12


def find_other(
    examination: Examination, test: str, good: TrialResult, bad: TrialResult
) -> tuple[str | None, bool]:
    """Find the test that makes `test` fail or, where it fails alone, the one that it needs.

    Args:
        examination: runs pairs of tests.
        test: passes in `good` and fails in `bad`, which differ in the order of tests.
        good: a trial.
        bad: another.

    Returns:
        the other test, None if no single one is to blame, and whether `test` needs it.
    """
    needed = _fails(examination.run(test), test)
    before = _before(good if needed else bad, test)[-MOST_CANDIDATES:]
    pairs = [(other, examination.begin_run(other, test)) for other in reversed(before)]
    for other, pair in pairs:
        if _fails(examination.wait_for(pair), test) is not needed:
            return other, needed
    return None, needed


def _fails(result: TrialResult, test: str) -> bool:
    return test in result.failed


def _before(result: TrialResult, test: str) -> list[str]:
    ran = list(result.outcomes)
    return ran[: ran.index(test)]
