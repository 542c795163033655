"""Tests of the fine for a late return."""

import pytest

from library.rules import fine


# region judge_fine: Tests that notice each mistake one can make in `fine`.
def test_three_days_are_free() -> None:
    assert fine(0) == 0
    assert fine(3) == 0


def test_the_fourth_day_costs() -> None:
    assert fine(4) == pytest.approx(0.10)


def test_each_further_day_costs_the_same() -> None:
    assert fine(6) == pytest.approx(0.30)


def test_a_fine_has_a_ceiling() -> None:
    assert fine(52) == pytest.approx(4.90)
    assert fine(54) == 5
    assert fine(400) == 5


# endregion
