"""Tests of the stars that readers give."""

from library.rules import average


# region find_tests: pytest finds and runs the three tests that stand here.
def test_one_review_is_its_own_average() -> None:
    assert average([4]) == 4.0


class TestAverage:
    """Averages of several reviews."""

    def test_has_one_decimal(self) -> None:
        assert average([5, 4, 4]) == 4.3

    def test_of_no_review_is_none(self) -> None:
        assert average([]) is None


# endregion
