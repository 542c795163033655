"""Tests of the fine for a late return."""

import pytest

from library.rules import fine


# region judge_fine: Tests that notice each mistake one can make in `fine`.
class TestFine:
    def test_table(self, subtests: pytest.Subtests) -> None:
        for days, cents in {0: 0, 1: 0, 3: 0, 4: 10, 5: 20, 52: 490, 53: 500, 54: 500}.items():
            with subtests.test(days=days):
                assert round(fine(days) * 100) == cents


# endregion
